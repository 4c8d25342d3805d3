import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from './atomic-file.ts';
import { readJsonFile } from './json-file.ts';
import { sessionsFolder } from './paths.ts';

const sessionSchema = z.object({
  /** Name of the listener whose it is; null: the administrator's. */
  listener: z.string().nullable().default(null),
  /** Proof that the session was made under the credentials that are valid now. */
  seal: z.string(),
  /** ISO 8601. */
  expiresAt: z.iso.datetime(),
});

export type Session = z.infer<typeof sessionSchema>;

/** The sessions of the dashboard, each a file that all dashboard processes of a data folder see. */
export interface SessionStore {
  /** Null where there is none of this key, or its time is over. */
  find(key: string): Promise<Session | null>;
  /** Also deletes those whose time is over. */
  create(key: string, session: Session): Promise<void>;
  remove(key: string): Promise<void>;
}

/** @param dataDir Sessions outlive a restart of the dashboard in it. A key is the hash of a session's id. */
export function openSessions(dataDir: string): SessionStore {
  const folder = sessionsFolder(dataDir);
  const fileOf = (key: string) => join(folder, `${key}.json`);

  async function find(key: string): Promise<Session | null> {
    // A file that cannot be read is no session, and must not keep others from logging in.
    const session = await readJsonFile(fileOf(key), sessionSchema).catch(() => null);
    return session && Date.parse(session.expiresAt) > Date.now() ? session : null;
  }

  const remove = (key: string) => rm(fileOf(key), { force: true });

  return {
    find,
    remove,
    async create(key, session) {
      await writeFileAtomically(fileOf(key), JSON.stringify(session));
      const keys = (await readdir(folder)).filter((name) => /^[\da-f]+\.json$/.test(name));
      for (const other of keys.map((name) => name.slice(0, -'.json'.length))) {
        if (!(await find(other))) await remove(other);
      }
    },
  };
}
