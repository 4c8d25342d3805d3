import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import { type Express, type RequestHandler, Router } from 'express';
import { visitorOf } from './access/visitor.ts';
import type { DashboardPorts } from './ports.ts';

const MARK = '/assets/mark.svg';

/**
 * Bull Board, to be mounted at `path`: the jobs themselves, where the Run page shows only their sums. It can be looked
 * at; the administrator also has its buttons, and only the administrator's requests to change something reach it.
 */
export function queueBoard(
  path: string,
  { queues }: Pick<DashboardPorts, 'queues'>,
  requireAdministrator: RequestHandler,
): Router {
  const forReading = createBoard(path, queues, true);
  const forChanging = createBoard(path, queues, false);
  const router = Router();
  router.use((request, response, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return next();
    requireAdministrator(request, response, next);
  });
  router.use((request, response, next) => {
    const board = visitorOf(request).administrator ? forChanging : forReading;
    board(request, response, next);
  });
  return router;
}

function createBoard(path: string, queues: readonly Queue[], readOnlyMode: boolean): Express {
  const serverAdapter = new ExpressAdapter().setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode })),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'soundalike',
        boardLogo: { path: MARK, width: 28, height: 28 },
        favIcon: { default: MARK, alternative: MARK },
        miscLinks: [
          { text: 'Runs', url: '/runs' },
          { text: 'Player', url: '/' },
          readOnlyMode ? { text: 'Log in', url: '/login?next=/queues/' } : { text: 'Log out', url: '/login' },
        ],
        hideDocsLink: true,
      },
    },
  });
  const board: Express = serverAdapter.getRouter();
  board.disable('x-powered-by');
  return board;
}
