import type { Request, Response } from 'express';
import type { AnalysisSettings } from '../../audio/analysis-settings.ts';
import { SoundalikeError } from '../../errors.ts';
import type { UploadStore } from '../../store/uploads.ts';
import type { AnalyseUpload } from '../../workers/analyse-upload.ts';
import { type BodyLimits, receiveBody } from './receive-body.ts';
import { createTurns } from './turns.ts';

/** Files analysed at once, each by a process of its own. */
const AT_ONCE = 2;

/** Files being received, waiting and analysed; so many of the largest size are on the disk at most. */
const MOST = 8;

/** Seconds after which one of those is likely to be done. */
const RETRY_AFTER = 10;

/** What the dashboard needs to take files from visitors. */
export interface Uploads {
  store: UploadStore;
  analyse: AnalyseUpload;
}

interface Wanted<Found> {
  settings: AnalysisSettings;
  keepable: boolean;
  find(sound: Sound): Promise<Found>;
}

type Sound = Awaited<ReturnType<AnalyseUpload>>;

/** What was made of a file; its token, or null where the file is deleted already. */
type Answer<Found> = Found & { token: string | null };

/**
 * Receives and analyses the bodies of requests.
 *
 * @returns Of a request: what `find` finds by how the file sounds. The file is deleted, unless `keepable` says that
 *   whoever sent it may keep it and all went well. A client that goes away stops the analysis. Throws SoundalikeError
 *   UPLOADS_BUSY, UPLOAD_…, AUDIO_…
 */
export function uploadAnalyser({ store, analyse }: Uploads, limits: BodyLimits) {
  const inTurn = createTurns(AT_ONCE);
  let present = 0;

  async function take<Found>(
    request: Request,
    gone: AbortSignal,
    { settings, keepable, find }: Wanted<Found>,
  ): Promise<Answer<Found>> {
    const upload = await store.create();
    let kept = false;
    try {
      await receiveBody(request, upload.file, limits);
      const sound = await inTurn(() => analyse(upload.file, settings, gone), gone);
      const found = await find(sound);
      kept = keepable;
      return { ...found, token: kept ? upload.token : null };
    } catch (error) {
      // Nobody reads the answer, but it must not be logged as a fault of the program.
      if (!gone.aborted && request.errored === null) throw error;
      throw new SoundalikeError('UPLOAD_STALLED', 'the sender went away', { cause: error });
    } finally {
      if (!kept) await store.remove(upload);
    }
  }

  return async <Found>(
    { request, response }: { request: Request; response: Response },
    wanted: Wanted<Found>,
  ): Promise<Answer<Found>> => {
    if (present >= MOST) {
      response.set('Retry-After', String(RETRY_AFTER));
      throw new SoundalikeError(
        'UPLOADS_BUSY',
        `${MOST} files are being analysed: send it again in ${RETRY_AFTER} s`,
      );
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    present++;
    try {
      return await take(request, gone.signal, wanted);
    } finally {
      present--;
    }
  };
}
