import { createServer } from 'node:http';
import express, { type Express } from 'express';
import { messageOf, SoundalikeError } from '../errors.ts';
import { createSessions } from './access/sessions.ts';
import { recogniseVisitors, requireAdministrator } from './access/visitor.ts';
import { documentPage } from './api/document-page.ts';
import { mountRoutes } from './api/mount.ts';
import { documentRoute } from './api/openapi.ts';
import { apiRoutes } from './api/routes.ts';
import { DATA_POLICY, PAGE_POLICY, QUEUE_BOARD_POLICY } from './content-policies.ts';
import { answerErrors, routeNotFound } from './error-answer.ts';
import { leadToLogin, openPagesRouter, pagesRouter } from './pages.ts';
import type { DashboardPorts } from './ports.ts';
import { queueBoard } from './queue-board.ts';
import {
  isLoopback,
  refuseCrossSite,
  refuseCrossSiteWrites,
  refuseForeignHosts,
  securityHeaders,
} from './security.ts';
import type { DashboardSettings } from './settings.ts';
import { subsonicRouter } from './subsonic/router.ts';

/** Makes the dashboard: the pages, the API below `/api`, OpenSubsonic below `/rest`, Bull Board below `/queues`. */
export function createDashboard(ports: DashboardPorts, settings: DashboardSettings): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', settings.trustedProxies ?? false);
  const sessions = createSessions(ports.sessions, settings);
  const administratorsOnly = requireAdministrator(settings);
  // The strictest policy for all, errors too; the board and the pages then loosen it for themselves.
  app.use(securityHeaders(DATA_POLICY), refuseCrossSiteWrites);
  app.use(securityHeaders(PAGE_POLICY), openPagesRouter(), securityHeaders(DATA_POLICY));
  app.use(recogniseVisitors(settings, sessions));

  const routes = apiRoutes(ports, settings, sessions);
  const { route, document } = documentRoute(routes);
  app.use('/api', (_request, response, next) => {
    // Always asked again, and answered by 304 while the ETag is the same.
    response.set('Cache-Control', 'private, no-cache');
    next();
  });
  app.use('/api', mountRoutes([...routes, route], settings));

  const forListeners = settings.local ? [] : [leadToLogin];
  const forOnlookers = settings.local ? [] : [leadToLogin, administratorsOnly];
  app.get('/api/docs', ...forListeners, securityHeaders(PAGE_POLICY), (_request, response) => {
    response.send(documentPage(document));
  });
  app.use('/api', routeNotFound);

  // Beyond this machine it is there for those users alone.
  const subsonic = settings.local || settings.subsonicUsers.length > 0;
  app.use('/rest', ...(subsonic ? [refuseCrossSite, subsonicRouter(ports, settings)] : []), routeNotFound);

  app.use(...forListeners, securityHeaders(PAGE_POLICY), pagesRouter(forOnlookers));
  const board = queueBoard('/queues', ports, administratorsOnly);
  app.use('/queues', ...forOnlookers, securityHeaders(QUEUE_BOARD_POLICY), board);
  app.use(routeNotFound);
  app.use(answerErrors(ports.logFault));
  return app;
}

/**
 * Serves the dashboard. Bound to a loopback address it answers to names of this machine alone.
 *
 * @param port 0 takes a free one.
 * @returns The URL, and a function that ends the server with every connection still open.
 * @throws SoundalikeError PORT_IN_USE; CONFIG_INVALID where the address cannot be listened on.
 */
export async function listen(
  app: Express,
  host: string,
  port: number,
): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer(isLoopback(host) ? refuseForeignHosts(app) : app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // An <audio> element may hold its connection for as long as the track plays.
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SoundalikeError {
  return error.code === 'EADDRINUSE'
    ? new SoundalikeError(
        'PORT_IN_USE',
        `another program listens on port ${port}: stop it, or choose another with PORT (0 takes a free one)`,
        { cause: error },
      )
    : new SoundalikeError(
        'CONFIG_INVALID',
        `cannot listen on ${host}, port ${port} (${messageOf(error)}): change HOST or PORT`,
        { cause: error },
      );
}
