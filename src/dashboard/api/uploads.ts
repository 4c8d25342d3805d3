import { z } from 'zod';
import { visitorOf } from '../access/visitor.ts';
import type { DashboardPorts } from '../ports.ts';
import type { DashboardSettings } from '../settings.ts';
import { uploadAnalyser } from '../uploads/analyse-upload.ts';
import { jsonRoute, type Route } from './route.ts';
import { findSimilar, similarList, similarQuery } from './tracks.ts';

/** Seconds without a byte of an upload. */
const IDLE_SECONDS = 15;

const uploadList = z.strictObject({
  ...similarList.omit({ query: true }).shape,
  seconds: z.number().describe('Length of the audio sent.'),
  token: z
    .string()
    .nullable()
    .describe('Keeps the file by POST /uploads, for ten minutes. Null without a login: the file is gone.'),
});

const keptUpload = z
  .strictObject({
    name: z.string().describe('sha256 of the content, with the ending of its format.'),
    bytes: z.int(),
    keptAt: z.iso.datetime(),
  })
  .meta({ id: 'KeptUpload' });

const keptList = z.strictObject({
  folder: z.string().describe('Where they lie: `soundalike run` takes it as a source.'),
  uploads: z.array(keptUpload).describe('The newest first.'),
});

/** Files that visitors send. */
export function uploadRoutes(
  { collection, uploads }: Pick<DashboardPorts, 'collection' | 'uploads'>,
  { largestUpload }: Pick<DashboardSettings, 'largestUpload'>,
): Route[] {
  const { store } = uploads;
  const analyse = uploadAnalyser(uploads, { largestBytes: largestUpload, idleSeconds: IDLE_SECONDS });

  return [
    jsonRoute({
      name: 'listSimilarToUpload',
      method: 'post',
      path: '/similar',
      summary: 'The tracks that sound most like an audio file, which is the body. It is not kept.',
      access: 'listener',
      limit: 'upload',
      takes: 'audio/*',
      query: similarQuery,
      answer: uploadList,
      rows: 'results',
      errors: [
        'INDEX_NOT_FOUND',
        'GENRE_UNKNOWN',
        'UPLOAD_TOO_LARGE',
        'UPLOAD_STALLED',
        'UPLOADS_BUSY',
        'AUDIO_EMPTY',
        'AUDIO_UNKNOWN_FORMAT',
        'AUDIO_WITHOUT_FRAMES',
        'AUDIO_TOO_SHORT',
        'AUDIO_TOO_LONG',
        'AUDIO_SILENT',
        'AUDIO_TIMED_OUT',
        'AUDIO_CRASHED',
      ],
      async handle({ query, request, response }) {
        const live = await collection();
        const keepable = visitorOf(request).administrator;
        return analyse(
          { request, response },
          {
            settings: live.analysis,
            keepable,
            find: async ({ statistics, seconds }) => ({
              ...(await findSimilar(live, [statistics], query)),
              seconds,
            }),
          },
        );
      },
    }),

    jsonRoute({
      name: 'keepUpload',
      method: 'post',
      path: '/uploads',
      summary: 'Keeps a file that was sent to POST /similar.',
      access: 'administrator',
      body: z.strictObject({ token: z.string().regex(/^[\w-]{43}$/) }),
      answer: keptUpload,
      errors: ['UPLOAD_NOT_FOUND'],
      handle: ({ body }) => store.keep(body.token),
    }),

    jsonRoute({
      name: 'listUploads',
      method: 'get',
      path: '/uploads',
      summary: 'The files that were kept.',
      access: 'administrator',
      answer: keptList,
      rows: 'uploads',
      handle: async () => ({ folder: store.keptFolder, uploads: await store.listKept() }),
    }),
  ];
}
