import { createMp3Encoder } from 'wasm-media-encoders';
import type { Stereo } from '../synth/stereo.ts';
import { RATE } from '../synth/stereo.ts';

/** In kbit/s, constant: among FMA's usual rates, and nothing that the analysis listens to is lost. */
const BIT_RATE = 192;

/** Compiled once a process; `configure` sets it back to its start. */
let encoderOfProcess: ReturnType<typeof createMp3Encoder> | undefined;

/** Encodes with LAME, whose WebAssembly the package carries inside itself. */
export async function encodeMp3({ left, right }: Stereo): Promise<Buffer> {
  encoderOfProcess ??= createMp3Encoder();
  const encoder = await encoderOfProcess;
  encoder.configure({ sampleRate: RATE, channels: 2, bitrate: BIT_RATE });
  const parts: Uint8Array[] = [];
  // The encoder gives out its own memory, to be copied before the next call.
  for (let start = 0; start < left.length; start += RATE) {
    const end = start + RATE;
    parts.push(encoder.encode([left.subarray(start, end), right.subarray(start, end)]).slice());
  }
  parts.push(encoder.finalize().slice());
  return Buffer.concat(parts);
}
