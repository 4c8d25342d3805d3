import { ApiError } from './api.js';

/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */
/** @typedef {{results: SimilarTrack[], seconds: number, token: string | null}} FileNeighbours */

/**
 * Asks what sounds like a file. By XMLHttpRequest, since fetch does not tell how much is sent.
 *
 * @param {File} file
 * @param {{count: number, signal: AbortSignal, onSent(share: number): void}} options `onSent`: 0 to 1; 1 when all of it
 *   is with the server.
 * @returns {Promise<FileNeighbours>}
 * @throws {ApiError} What the API answered, or UNREACHABLE where nobody did.
 */
export function sendFile(file, { count, signal, onSent }) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open('POST', `/api/similar?k=${count}`);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onSent(total > 0 ? loaded / total : 1),
    );
    request.upload.addEventListener('load', () => onSent(1));
    request.addEventListener('load', () => {
      const { status, response } = request;
      if (status === 200) resolve(response);
      else if (response?.error) reject(new ApiError(response.error.code, response.error.message));
      else reject(new ApiError('UNREACHABLE', 'The server gave no proper answer.'));
    });
    request.addEventListener('error', () =>
      reject(new ApiError('UNREACHABLE', 'The server does not take the file.')),
    );
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    request.send(file);
  });
}
