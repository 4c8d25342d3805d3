import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import { listenerOf } from './access/listener.ts';
import { isLoggedIn } from './access/visitor.ts';

/** Beside this file in the source tree and, copied by the build, beside the compiled one. */
const PUBLIC = fileURLToPath(new URL('./public/', import.meta.url));

const PAGES = [
  { route: '/', page: 'player.html', forOnlookers: false },
  { route: '/runs', page: 'runs.html', forOnlookers: true },
  { route: '/runs/:run', page: 'run.html', forOnlookers: true },
];

/** The pages. @param onlookersOnly Stands before those of the runs. */
export function pagesRouter(onlookersOnly: readonly RequestHandler[]): Router {
  const router = Router();
  for (const { route, page, forOnlookers } of PAGES) {
    router.get(route, ...(forOnlookers ? onlookersOnly : []), (request, response) => {
      // Here, so that the page's own requests, sent side by side, come from one listener.
      listenerOf(request);
      // No cache on the way may give one listener's cookie to another.
      response.set('Cache-Control', 'private, no-cache');
      response.sendFile(page, { root: `${PUBLIC}pages` });
    });
  }
  return router;
}

/** The login, and under /assets what the pages load: for everybody. */
export function openPagesRouter(): Router {
  const router = Router();
  router.get('/login', (_request, response) => response.sendFile('login.html', { root: `${PUBLIC}pages` }));
  router.use('/assets', express.static(`${PUBLIC}assets`, { index: false, redirect: false }));
  return router;
}

/** Leads who has to log in to see a page to the login, and from there back. */
export const leadToLogin: RequestHandler = (request, response, next) => {
  if (isLoggedIn(request) || !['GET', 'HEAD'].includes(request.method)) return next();
  response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
};
