import { SoundalikeError } from '../errors.ts';

/**
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param name Of them, for the message.
 * @throws SoundalikeError USAGE where a value is no finite number.
 */
export function requireFinite(vectors: Float32Array, dimension: number, name: string): void {
  let sum = 0;
  // A product with 0 is 0 of finite numbers alone: one test for all of them.
  for (let i = 0; i < vectors.length; i++) sum += 0 * vectors[i];
  if (sum === 0) return;
  const row = Math.floor(vectors.findIndex((value) => !Number.isFinite(value)) / dimension);
  throw new SoundalikeError(
    'USAGE',
    `row ${row} of ${name} holds a value that is no finite number: leave the row out`,
  );
}
