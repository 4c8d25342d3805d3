import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';
import type { Sessions } from '../access/sessions.ts';
import { visitorOf } from '../access/visitor.ts';
import type { DashboardSettings } from '../settings.ts';
import { jsonRoute, type Route } from './route.ts';

const credentials = z.strictObject({ password: z.string().min(1).max(200) });

const session = z.strictObject({
  administrator: z.boolean().describe('Whether whoever asks may change things.'),
  loginPossible: z.boolean().describe('Whether a password is set.'),
});

/** Login and logout of the administrator. */
export function sessionRoutes(
  { administrator }: Pick<DashboardSettings, 'administrator'>,
  sessions: Sessions,
): Route[] {
  const loginPossible = administrator !== null;

  return [
    jsonRoute({
      name: 'getSession',
      method: 'get',
      path: '/session',
      summary: 'Who asks.',
      access: 'open',
      answer: session,
      handle: ({ request }) => ({ administrator: visitorOf(request).administrator, loginPossible }),
    }),

    jsonRoute({
      name: 'login',
      method: 'post',
      path: '/session',
      summary: 'Logs the administrator in, by a cookie that lasts twelve hours.',
      access: 'open',
      limit: 'login',
      body: credentials,
      answer: session,
      errors: ['LOGIN_REFUSED', 'ADMINISTRATION_OFF'],
      async handle({ body, request, response }) {
        if (!administrator) {
          throw new SoundalikeError(
            'ADMINISTRATION_OFF',
            'no password is set: set ADMIN_PASSWORD_HASH (`soundalike password`) and start the dashboard again',
          );
        }
        if (!(await administrator.isPassword(body.password))) {
          throw new SoundalikeError('LOGIN_REFUSED', 'the password is wrong');
        }
        await sessions.open(request, response);
        return { administrator: true, loginPossible };
      },
    }),

    jsonRoute({
      name: 'logout',
      method: 'delete',
      path: '/session',
      summary: 'Logs out.',
      access: 'open',
      answer: session,
      async handle({ request, response }) {
        await sessions.close(request, response);
        return { administrator: false, loginPossible };
      },
    }),
  ];
}
