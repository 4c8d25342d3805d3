import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { decodeWhole } from './whole.ts';

/** A decoder whose memory broke, as WebAssembly reports it: (module (func (export "trap") unreachable)). */
const TRAP = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1,
  3, 0, 0, 11,
]);

vi.mock('audio-decode', () => {
  const broken = async () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP), {});
    const decoder = async () => (exports.trap as () => never)();
    return Object.assign(decoder, { free() {} });
  };
  return { default: { flac: broken } };
});

test('a decoder that traps is not taken for a damaged file', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('../fixtures/audio/tone.flac', import.meta.url)));
  await expect(decodeWhole(bytes, { maximumSeconds: 60 })).rejects.toMatchObject({ code: 'AUDIO_CRASHED' });
});
