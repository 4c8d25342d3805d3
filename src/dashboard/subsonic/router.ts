import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { limitRequests, networkOf } from '../access/limit-requests.ts';
import { listenerOfPlayer } from '../access/listener.ts';
import type { DashboardPorts } from '../ports.ts';
import { sendAudio } from '../send-audio.ts';
import type { DashboardSettings } from '../settings.ts';
import { type Format, sendAnswer } from './answer.ts';
import { catalogueOf } from './catalogue.ts';
import { BROWSING, EXTENSIONS } from './commands.ts';
import { describeError, SUBSONIC_ERRORS, SubsonicError } from './errors.ts';
import { createGuessLimit } from './guess-limit.ts';
import { type Parameters, parametersOf, readParameters } from './parameters.ts';
import { SIMILARITY } from './similarity.ts';
import { authenticate } from './users.ts';

const COMMANDS = new Map(Object.entries({ ...BROWSING, ...SIMILARITY }));

const oneId = z.object({ id: z.string() });

const texts = z.union([z.string(), z.array(z.string())]).transform((values) => [values].flat());

const scrobbled = z.object({
  id: texts.pipe(z.array(z.string().max(200)).max(50)),
  submission: z.enum(['true', 'false']).default('true'),
});

/**
 * OpenSubsonic (opensubsonic.netlify.app) for players of other makers: read-only, but for what a listener plays.
 *
 * Where this machine alone reaches the dashboard and no users are set, every name and password passes.
 */
export function subsonicRouter(
  { collection, listeners, logFault }: Pick<DashboardPorts, 'collection' | 'listeners' | 'logFault'>,
  { subsonicUsers: users, limits }: Pick<DashboardSettings, 'subsonicUsers' | 'limits'>,
): Router {
  const limitCommands = limitRequests(limits.search);
  const guesses = createGuessLimit(limits.login);

  function userOf(parameters: Parameters, request: Request): string {
    if (users.length === 0) return 'local';
    const client = networkOf(request.ip ?? '');
    if (guesses.isSpent(client)) {
      throw new SubsonicError('wrongCredentials', 'too many wrong passwords: wait a minute');
    }
    try {
      return authenticate(parameters, users);
    } catch (error) {
      guesses.countWrong(client);
      throw error;
    }
  }

  async function scrobble(parameters: Parameters, user: string): Promise<void> {
    const { id: ids, submission } = readParameters(scrobbled, parameters);
    // `false` tells what has just begun, `true` what was played.
    const action = submission === 'false' ? 'play' : 'complete';
    const live = await collection();
    const tracks = ids.map((id) => live.track(id).id);
    for (const track of tracks) {
      const event = { id: randomUUID(), at: Date.now(), action, track, position: null } as const;
      await listeners.record(listenerOfPlayer(user), event);
    }
  }

  async function answer(name: string, request: Request, response: Response, format: Format): Promise<void> {
    const parameters = parametersOf(request);
    // The one command that the specification has open to all.
    if (name === 'getOpenSubsonicExtensions') {
      return sendAnswer(response, format, { openSubsonicExtensions: EXTENSIONS });
    }
    const user = userOf(parameters, request);
    if (name === 'stream' || name === 'download') {
      const { id } = readParameters(oneId, parameters);
      const live = await collection();
      if (name === 'download') response.attachment(live.track(id).path.split('/').at(-1));
      return sendAudio(live, id, response);
    }
    if (name === 'getCoverArt') {
      response.status(404);
      throw new SubsonicError('notFound', 'there are no pictures');
    }
    limitCommands(request, response, () => {});
    if (name === 'scrobble') {
      await scrobble(parameters, user);
      return sendAnswer(response, format, {});
    }
    const command = COMMANDS.get(name);
    if (!command) throw new SubsonicError('generic', `${name} is not supported`);
    sendAnswer(response, format, await command(parameters, collection));
  }

  // So that the first player need not wait for it. What is wrong is told to who asks.
  collection()
    .then(catalogueOf)
    .catch(() => {});

  const router = Router();
  router.use(express.urlencoded({ extended: false, limit: '64kb' }));
  router.use(async (request, response, next) => {
    const name = /^\/(\w+?)(\.view)?$/.exec(request.path)?.[1];
    if (name === undefined || !['GET', 'HEAD', 'POST'].includes(request.method)) return next();
    const format = parametersOf(request).f === 'json' ? 'json' : 'xml';
    try {
      await answer(name, request, response, format);
    } catch (error) {
      const told = describeError(error);
      if (told.code === SUBSONIC_ERRORS.generic && !(error instanceof SubsonicError)) logFault(error);
      sendAnswer(response, format, { error: told });
    }
  });
  return router;
}
