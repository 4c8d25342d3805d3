import { readFileSync } from 'node:fs';
import { id3Length } from './format.ts';
import type { DecodedPiece, PieceDecoder } from './pcm.ts';
import { readXing, type Xing } from './xing-header.ts';

/** Samples by which a decoder's filters are late. */
const DECODER_DELAY = 529;

/** minimp3 as infra/mp3-decoder/mp3-decoder.c has it, where each function is explained. */
interface Mp3Exports {
  memory: WebAssembly.Memory;
  reset(): void;
  input(): number;
  decode(added: number, last: number): number;
  output(): number;
  sampleRate(): number;
  channels(): number;
}

const module = new WebAssembly.Module(readFileSync(new URL('./mp3-decoder.wasm', import.meta.url)));
/** Those that no file uses now: their memory has been paid for. */
const idle: Mp3Exports[] = [];

/**
 * Decodes MPEG audio of layers 1 to 3 to one channel, the mean of two, without what the encoder added at either end.
 *
 * @param head The file's first bytes, an ID3v2 tag and what follows it.
 * @returns It takes pieces of 8 kB at most, and gives samples in a view that is good until the next piece.
 */
export async function mp3Decoder(head: Uint8Array): Promise<PieceDecoder> {
  const wasm = idle.pop() ?? (new WebAssembly.Instance(module, {}).exports as unknown as Mp3Exports);
  wasm.reset();
  const start = id3Length(head);
  const xing = readXing(head, start);
  const trim = xing ? trimmer(xing) : (samples: Float32Array) => samples;
  let toSkip = xing ? xing.next : start;
  let broken = false;

  const decode = async (piece?: Uint8Array): Promise<DecodedPiece> => {
    const bytes = piece?.subarray(Math.min(toSkip, piece.length)) ?? new Uint8Array(0);
    toSkip -= (piece?.length ?? 0) - bytes.length;
    new Uint8Array(wasm.memory.buffer).set(bytes, wasm.input());
    broken = true;
    const count = wasm.decode(bytes.length, piece ? 0 : 1);
    broken = false;
    const samples = trim(new Float32Array(wasm.memory.buffer, wasm.output(), count));
    const channelData = samples.length > 0 ? [samples] : [];
    return { channelData, sampleRate: wasm.sampleRate(), channels: wasm.channels() };
  };
  return Object.assign(decode, { free: () => void (broken || idle.push(wasm)) });
}

/** Takes the encoder's samples and the decoder's delay out of a stream. What comes behind the promised frames stays. */
function trimmer({ header, frames, delay, padding }: Xing) {
  const promised = frames > 0 ? frames * header.samples : Number.POSITIVE_INFINITY;
  const from = delay + DECODER_DELAY;
  const to = promised - Math.max(0, padding - DECODER_DELAY);
  let place = 0;
  return (samples: Float32Array): Float32Array => {
    const [first, end, next] = [from, to, promised].map((edge) =>
      Math.min(samples.length, Math.max(0, edge - place)),
    );
    place += samples.length;
    samples.copyWithin(end, next);
    return samples.subarray(first, Math.max(first, samples.length - (next - end)));
  };
}
