/**
 * The one table of errors. A code is stable and may be matched by programs; docs/errors.md is generated
 * from this table. `exit` is the command line's exit code, `status` the HTTP status.
 */
export const ERRORS = {
  USAGE: { exit: 2, status: 400, meaning: 'A command, option or request is not of the form expected.' },
  CONFIG_INVALID: {
    exit: 2,
    status: 500,
    meaning: 'An environment variable or flag has a value that cannot be used.',
  },

  SOURCE_NOT_FOUND: {
    exit: 2,
    status: 400,
    meaning: 'The folder, file or collection named as the source is not there.',
  },
  SOURCE_EMPTY: { exit: 2, status: 400, meaning: 'The source holds nothing at all.' },
  SOURCE_WITHOUT_AUDIO: {
    exit: 2,
    status: 400,
    meaning: 'The source holds no file of a known audio format.',
  },
  METADATA_NOT_FOUND: { exit: 2, status: 400, meaning: 'The metadata file is not there.' },
  METADATA_MALFORMED: { exit: 2, status: 400, meaning: 'The metadata file cannot be read as CSV.' },
  METADATA_COLUMNS_MISSING: { exit: 2, status: 400, meaning: 'The metadata lacks a column that is needed.' },
  TRACK_ID_DUPLICATE: { exit: 2, status: 400, meaning: 'Two tracks of the source have the same id.' },

  AUDIO_EMPTY: { exit: 1, status: 422, meaning: 'The file has no bytes.' },
  AUDIO_UNREADABLE: { exit: 1, status: 422, meaning: 'The file could not be read from the disk.' },
  AUDIO_UNKNOWN_FORMAT: { exit: 1, status: 422, meaning: 'The content is of no supported audio format.' },
  AUDIO_WITHOUT_FRAMES: {
    exit: 1,
    status: 422,
    meaning: 'The file holds tags or a header, but no audio that decodes.',
  },
  AUDIO_TOO_SHORT: { exit: 1, status: 422, meaning: 'Less audio decodes than an analysis needs.' },
  AUDIO_TOO_LONG: { exit: 1, status: 422, meaning: 'The audio is longer than the limit allows.' },
  AUDIO_SILENT: { exit: 1, status: 422, meaning: 'The whole file is silence.' },
  AUDIO_TIMED_OUT: { exit: 1, status: 422, meaning: 'The analysis took longer than the limit allows.' },
  AUDIO_CRASHED: { exit: 1, status: 422, meaning: 'The analysis of the file ended its process.' },

  DECODER_UNUSABLE: {
    exit: 1,
    status: 500,
    meaning: 'The ffmpeg chosen as decoder is not on the PATH, or not of the version that the features name.',
  },

  RUN_NOT_FOUND: { exit: 1, status: 404, meaning: 'The data folder holds no run of this id.' },
  RUN_INCOMPLETE: { exit: 1, status: 409, meaning: 'The run has not finished.' },
  RUN_FAILED: { exit: 1, status: 500, meaning: 'A stage of the run failed for good.' },
  RUN_VERSION: { exit: 1, status: 409, meaning: 'The run was planned by another version of this program.' },
  INDEX_NOT_FOUND: { exit: 1, status: 404, meaning: 'The data folder holds no index yet.' },
  INDEX_DAMAGED: {
    exit: 1,
    status: 500,
    meaning: 'A file of the index does not have the content its header names.',
  },
  INDEX_VERSION: {
    exit: 1,
    status: 500,
    meaning: 'The index was written by another version of this program.',
  },
  INDEX_BUSY: {
    exit: 1,
    status: 409,
    meaning: 'Another command changes the index, or has changed it meanwhile.',
  },
  SHARD_DAMAGED: { exit: 1, status: 500, meaning: 'A shard does not have the content its manifest names.' },
  ASPECT_MISSING: {
    exit: 1,
    status: 404,
    meaning: 'The index does not tell this aspect of the sound; its preset lacks the descriptors.',
  },
  GENRE_UNKNOWN: { exit: 2, status: 400, meaning: 'No track of the index has the genre that was asked for.' },
  TRACK_NOT_FOUND: { exit: 1, status: 404, meaning: 'The index holds no track of this id.' },

  SEARCH_CRASHED: {
    exit: 1,
    status: 500,
    meaning: 'The thread that searched ended, for lack of memory perhaps.',
  },
  SEARCH_CLOSED: { exit: 1, status: 503, meaning: 'The program is ending and answers no more searches.' },

  DATA_DIR_LOCKED: {
    exit: 1,
    status: 503,
    meaning: 'Another process owns the embedded queue and documents of this data folder.',
  },
  DATA_DIR_UNUSABLE: { exit: 1, status: 500, meaning: 'The data folder cannot be created, read or written.' },
  QUEUE_UNREACHABLE: { exit: 1, status: 503, meaning: 'The queue server of QUEUE_URL does not answer.' },
  MONGODB_UNREACHABLE: { exit: 1, status: 503, meaning: 'The MongoDB server does not answer.' },
  ROUTE_NOT_FOUND: {
    exit: 1,
    status: 404,
    meaning: 'The dashboard has no page or API route of this address.',
  },
  REQUEST_REFUSED: {
    exit: 1,
    status: 403,
    meaning: 'A web page of another site sent the request, or it was sent to a foreign host name.',
  },
  CREDENTIALS_NEEDED: {
    exit: 2,
    status: 500,
    meaning: 'The dashboard was to listen beyond this machine, and neither a password nor a token is set.',
  },
  LOGIN_NEEDED: {
    exit: 1,
    status: 401,
    meaning: 'This needs a login or an API token.',
  },
  LOGIN_REFUSED: { exit: 1, status: 401, meaning: 'The name, the password or the API token is wrong.' },
  ADMINISTRATOR_NEEDED: {
    exit: 1,
    status: 403,
    meaning: 'Who is logged in is a listener, and this is for the administrator.',
  },
  ADMINISTRATION_OFF: {
    exit: 1,
    status: 403,
    meaning: 'The dashboard has neither a password nor a token, so that nothing can be changed through it.',
  },
  TOO_MANY_REQUESTS: {
    exit: 1,
    status: 429,
    meaning:
      'The client asked more often than the limit allows; the header Retry-After says when to ask again.',
  },
  PLAYLIST_NOT_FOUND: { exit: 1, status: 404, meaning: 'The listener has no playlist of this id.' },
  PLAYLIST_CHANGED: {
    exit: 1,
    status: 409,
    meaning: 'The playlist has been changed since it was read.',
  },
  PLAYLIST_LIMIT: {
    exit: 1,
    status: 409,
    meaning: 'The listener has as many playlists, or the playlist as many tracks, as are kept.',
  },
  UPLOAD_TOO_LARGE: { exit: 1, status: 413, meaning: 'The file sent has more bytes than the limit allows.' },
  UPLOAD_STALLED: { exit: 1, status: 408, meaning: 'The file sent stopped coming before its end.' },
  UPLOADS_BUSY: {
    exit: 1,
    status: 503,
    meaning: 'Too many files are being analysed; the header Retry-After says when to send it again.',
  },
  UPLOAD_NOT_FOUND: {
    exit: 1,
    status: 404,
    meaning: 'The file sent is not there any more; what nobody keeps is deleted.',
  },
  PORT_IN_USE: { exit: 1, status: 500, meaning: 'Another program listens on the port of the dashboard.' },
  INTERNAL: { exit: 1, status: 500, meaning: 'A fault of the program itself.' },
} as const satisfies Record<string, { exit: 1 | 2; status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error a user can act on: the message says in one line what is wrong and what to do. */
export class SoundalikeError extends Error {
  override readonly name = 'SoundalikeError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
