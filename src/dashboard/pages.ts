import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';

/** Beside this file in the source tree and, copied by the build, beside the compiled one. */
const PUBLIC = fileURLToPath(new URL('./public/', import.meta.url));

const PAGES = { '/': 'player.html', '/runs': 'runs.html', '/runs/:run': 'run.html' };

/** The pages and, under /assets, what they load. */
export function pagesRouter(): Router {
  const router = Router();
  for (const [route, page] of Object.entries(PAGES)) {
    router.get(route, (_request, response) => response.sendFile(page, { root: `${PUBLIC}pages` }));
  }
  router.use('/assets', express.static(`${PUBLIC}assets`, { index: false, redirect: false }));
  return router;
}
