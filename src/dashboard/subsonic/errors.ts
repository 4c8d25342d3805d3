import { type ErrorCode, messageOf, SoundalikeError } from '../../errors.ts';

/** Errors of the protocol that are used here (opensubsonic.netlify.app/docs/responses/error). */
export const SUBSONIC_ERRORS = {
  generic: 0,
  parameterMissing: 10,
  wrongCredentials: 40,
  mechanismUnknown: 42,
  mechanismsConflict: 43,
  wrongApiKey: 44,
  notFound: 70,
} as const;

/** An error that a client of the protocol is told. */
export class SubsonicError extends Error {
  override readonly name = 'SubsonicError';

  constructor(
    readonly kind: keyof typeof SUBSONIC_ERRORS,
    message: string,
  ) {
    super(message);
  }
}

const NOT_FOUND: ErrorCode[] = ['TRACK_NOT_FOUND', 'INDEX_NOT_FOUND', 'GENRE_UNKNOWN'];

/** What the client is told of an error; of a fault of the program no more than that it is one. */
export function describeError(error: unknown): { code: number; message: string } {
  if (error instanceof SubsonicError) return { code: SUBSONIC_ERRORS[error.kind], message: error.message };
  if (error instanceof SoundalikeError) {
    const kind = NOT_FOUND.includes(error.code) ? 'notFound' : 'generic';
    return { code: SUBSONIC_ERRORS[kind], message: messageOf(error) };
  }
  return { code: SUBSONIC_ERRORS.generic, message: 'a fault of the program; its log tells more' };
}
