import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { bytesInMemory } from '../audio/byte-source.ts';
import {
  audioTooLong,
  checkDamaged,
  checkShape,
  type DecodedAudio,
  type DecodeLimits,
  type TakeBlock,
} from '../audio/decode.ts';
import { pcmDecoder } from '../audio/pcm.ts';
import { readWav } from '../audio/wav-chunks.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import { ffmpegUnusable } from './ffmpeg-version.ts';

/** More than the header of a WAV file without tags, whatever its channels. */
const HEADER_BYTES = 4096;
/** Of what ffmpeg says about a file, this much is kept, in characters. */
const COMPLAINT_LENGTH = 2000;

/**
 * Decodes a file by the ffmpeg on the PATH: everything that it can read, at the file's own rate and channels. It is
 * `truncated` where ffmpeg finds errors in it.
 *
 * @param file Absolute path.
 * @throws SoundalikeError AUDIO_EMPTY, AUDIO_UNREADABLE, AUDIO_UNKNOWN_FORMAT, AUDIO_WITHOUT_FRAMES,
 *   AUDIO_TOO_LONG, AUDIO_TOO_SHORT (less than 5 s of a damaged file), DECODER_UNUSABLE.
 */
export async function decodeWithFfmpeg(
  file: string,
  limits: DecodeLimits,
  take: TakeBlock,
): Promise<DecodedAudio> {
  await requireContent(file);
  const child = spawn('ffmpeg', ffmpegArguments(file, limits), { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  // It is awaited below; until then a failed start must not end the process.
  closed.catch(() => {});
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint = (complaint + text).slice(0, COMPLAINT_LENGTH);
  });
  try {
    const { samples, sampleRate, channels } = await readWavStream(child.stdout, limits, take);
    const [code] = await closed.catch((error) => {
      throw ffmpegUnusable(messageOf(error));
    });
    if (samples === 0) throw withoutFrames(complaint);
    const seconds = samples / sampleRate;
    const truncated = code !== 0 || complaint !== '';
    if (truncated) checkDamaged(seconds);
    return { seconds, sampleRate, channels, truncated };
  } finally {
    child.kill('SIGKILL');
  }
}

/**
 * A path is no option and no address (`file:`), a file that lists others reaches no network, and no instructions
 * that only some processors have are used, so that every machine gives the same samples.
 */
function ffmpegArguments(file: string, { maximumSeconds }: DecodeLimits): string[] {
  const input = ['-protocol_whitelist', 'file,pipe', '-i', `file:${file}`, '-map', '0:a:0'];
  const output = ['-map_metadata', '-1', '-fflags', '+bitexact', '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'];
  // Decoding takes a small part of the time that the sound lasts.
  const limit = ['-timelimit', String(Math.ceil(maximumSeconds))];
  return ['-nostdin', '-v', 'error', '-cpuflags', '0', '-threads', '1', ...limit, ...input, ...output];
}

async function requireContent(file: string): Promise<void> {
  const { size } = await stat(file).catch((error) => {
    throw new SoundalikeError('AUDIO_UNREADABLE', messageOf(error));
  });
  if (size === 0)
    throw new SoundalikeError('AUDIO_EMPTY', 'the file has no bytes: copy or download it again');
}

async function readWavStream(
  stream: AsyncIterable<Buffer>,
  limits: DecodeLimits,
  take: TakeBlock,
): Promise<{ samples: number; sampleRate: number; channels: number }> {
  let decoder: ReturnType<typeof pcmDecoder> | null = null;
  let head: Buffer = Buffer.alloc(0);
  const decoded = { samples: 0, sampleRate: 0, channels: 0 };
  const decode = async (bytes: Buffer) => {
    if (!decoder) {
      const { pcm } = await readWav(bytesInMemory(bytes));
      if (!pcm) return;
      // The header was written before the length was known.
      decoder = pcmDecoder({ ...pcm, end: Number.POSITIVE_INFINITY });
    }
    const { channelData, sampleRate } = await decoder(bytes);
    if (channelData.length === 0) return;
    checkShape(sampleRate, channelData.length);
    decoded.samples += channelData[0].length;
    decoded.sampleRate = sampleRate;
    decoded.channels = channelData.length;
    if (decoded.samples > limits.maximumSeconds * sampleRate) throw audioTooLong(limits);
    take(channelData, sampleRate);
  };
  for await (const bytes of stream) {
    if (decoder) await decode(bytes);
    else {
      head = Buffer.concat([head, bytes]);
      if (head.length >= HEADER_BYTES) await decode(head);
    }
  }
  if (!decoder && head.length > 0) await decode(head);
  return decoded;
}

function withoutFrames(complaint: string): SoundalikeError {
  const reason = complaint.split('\n')[0] || 'it decodes to nothing';
  return new SoundalikeError(
    'AUDIO_WITHOUT_FRAMES',
    `ffmpeg finds no audio in the file (${reason}): get a whole copy`,
  );
}
