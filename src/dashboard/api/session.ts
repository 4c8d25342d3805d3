import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';
import type { Sessions } from '../access/sessions.ts';
import { visitorOf } from '../access/visitor.ts';
import type { DashboardSettings } from '../settings.ts';
import { jsonRoute, type Route } from './route.ts';

const credentials = z.strictObject({
  name: z.string().min(1).max(50).optional().describe('Of a listener; without it the administrator logs in.'),
  password: z.string().min(1).max(200),
});

const session = z.strictObject({
  administrator: z.boolean().describe('Whether whoever asks may change things.'),
  listener: z.string().nullable().describe('Name of the listener who is logged in.'),
  onlooker: z.boolean().describe('Whether whoever asks may look at runs and queues.'),
  loginPossible: z.boolean().describe('Whether a password is set.'),
  namesPossible: z.boolean().describe('Whether listeners can log in.'),
});

/** Login and logout. */
export function sessionRoutes(
  { administrator, listeners, local }: Pick<DashboardSettings, 'administrator' | 'listeners' | 'local'>,
  sessions: Sessions,
): Route[] {
  const namesPossible = listeners.size > 0;
  const loginPossible = administrator !== null || namesPossible;

  const describeSession = (visitor: { administrator: boolean; listener: string | null }) => ({
    administrator: visitor.administrator,
    listener: visitor.listener,
    onlooker: local || visitor.administrator,
    loginPossible,
    namesPossible,
  });

  /** Takes as long for a name that nobody has as for one that somebody has. */
  async function isRight(name: string | undefined, password: string): Promise<boolean> {
    const account = name === undefined ? administrator : listeners.get(name);
    const [anybody = administrator] = listeners.values();
    const matches = await (account ?? anybody)?.isPassword(password);
    return matches === true && account != null;
  }

  return [
    jsonRoute({
      name: 'getSession',
      method: 'get',
      path: '/session',
      summary: 'Who asks.',
      access: 'open',
      answer: session,
      handle: ({ request }) => describeSession(visitorOf(request)),
    }),

    jsonRoute({
      name: 'login',
      method: 'post',
      path: '/session',
      summary:
        'Logs in, by a cookie that lasts twelve hours for the administrator, thirty days for a listener.',
      access: 'open',
      limit: 'login',
      body: credentials,
      answer: session,
      errors: ['LOGIN_REFUSED', 'ADMINISTRATION_OFF'],
      async handle({ body, request, response }) {
        if (!loginPossible) {
          throw new SoundalikeError(
            'ADMINISTRATION_OFF',
            'no password is set: set ADMIN_PASSWORD_HASH (`soundalike password`) and start the dashboard again',
          );
        }
        if (!(await isRight(body.name, body.password))) {
          const wrong = namesPossible ? 'the name or the password is wrong' : 'the password is wrong';
          throw new SoundalikeError('LOGIN_REFUSED', wrong);
        }
        const owner = { listener: body.name ?? null };
        await sessions.open(request, response, owner);
        return describeSession({ administrator: owner.listener === null, ...owner });
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
        return describeSession({ administrator: false, listener: null });
      },
    }),
  ];
}
