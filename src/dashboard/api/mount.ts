import express, { type RequestHandler, Router } from 'express';
import { dropRestOfBody } from '../access/drop-rest-of-body.ts';
import { limitRequests } from '../access/limit-requests.ts';
import { requireAdministrator, requireLogin } from '../access/visitor.ts';
import type { DashboardSettings, Limited } from '../settings.ts';
import type { Access, Route } from './route.ts';

const LARGEST_BODY = '16kb';

/** Mounts the routes, each behind its login and its limit; a body is read only of who may send one. */
export function mountRoutes(routes: readonly Route[], settings: DashboardSettings): Router {
  const router = Router();
  const administratorsOnly = requireAdministrator(settings);
  const gates: Record<Access, RequestHandler[]> = {
    open: [],
    listener: settings.local ? [] : [requireLogin],
    onlooker: settings.local ? [] : [administratorsOnly],
    administrator: [administratorsOnly],
  };
  const limiters: Record<Limited, RequestHandler[]> = {
    // The second against guessing from many addresses at once, and against what hashing costs the server.
    login: [
      limitRequests(settings.limits.login),
      limitRequests(10 * settings.limits.login, () => 'all together'),
    ],
    search: [limitRequests(settings.limits.search)],
    upload: [limitRequests(settings.limits.upload)],
  };
  for (const { method, path, access, limit, body, largestBody, takes, respond } of routes) {
    router[method](
      path.replaceAll(/\{(\w+)\}/g, ':$1'),
      ...(takes ? [dropRestOfBody] : []),
      ...gates[access],
      ...(limit ? limiters[limit] : []),
      ...(body ? [express.json({ limit: largestBody ?? LARGEST_BODY })] : []),
      (request, response) => respond(request, response),
    );
  }
  return router;
}
