import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { SoundalikeError } from '../../errors.ts';

/** What the body of a request may be. */
export interface BodyLimits {
  largestBytes: number;
  /** Longest wait for the next bytes. Node itself gives a whole request five minutes (`server.requestTimeout`). */
  idleSeconds: number;
}

/**
 * Writes the body of a request to a file, as it comes.
 *
 * @param file Absolute path of a file that is there.
 * @throws SoundalikeError UPLOAD_TOO_LARGE at the first byte too many, UPLOAD_STALLED. What came until then is in the
 *   file. Node's error where the client went away.
 */
export async function receiveBody(
  request: IncomingMessage,
  file: string,
  { largestBytes, idleSeconds }: BodyLimits,
): Promise<void> {
  // Of a body that is announced as too long nothing is read.
  if (Number(request.headers['content-length'] ?? 0) > largestBytes) throw tooLarge(largestBytes);
  // Without this the first error would close the connection, and with it the answer's way.
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  const handle = await open(file, 'w');
  try {
    let received = 0;
    for (;;) {
      const { value, done } = await within(idleSeconds, chunks.next());
      if (done) return;
      received += value.length;
      if (received > largestBytes) throw tooLarge(largestBytes);
      await handle.writeFile(value);
    }
  } finally {
    await handle.close();
  }
}

function within<Result>(seconds: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new SoundalikeError('UPLOAD_STALLED', `nothing came for ${seconds} s: send the file again`)),
      seconds * 1000,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function tooLarge(largestBytes: number): SoundalikeError {
  const megabytes = (largestBytes / 1e6).toLocaleString('en');
  return new SoundalikeError(
    'UPLOAD_TOO_LARGE',
    `the file is larger than ${megabytes} MB (UPLOAD_MAX_MEGABYTES): send a part of it, or a compressed copy`,
  );
}
