import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Express } from 'express';
import type { DashboardPorts } from './ports.ts';

const MARK = '/assets/mark.svg';

/** Bull Board, to be mounted at `path`: the jobs themselves, where the Run page shows only their sums. */
export function queueBoard(
  path: string,
  { queues, allowQueueActions }: Pick<DashboardPorts, 'queues' | 'allowQueueActions'>,
): Express {
  const serverAdapter = new ExpressAdapter().setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: !allowQueueActions })),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'soundalike',
        boardLogo: { path: MARK, width: 28, height: 28 },
        favIcon: { default: MARK, alternative: MARK },
        miscLinks: [
          { text: 'Runs', url: '/runs' },
          { text: 'Player', url: '/' },
        ],
        hideDocsLink: true,
      },
    },
  });
  const board: Express = serverAdapter.getRouter();
  board.disable('x-powered-by');
  return board;
}
