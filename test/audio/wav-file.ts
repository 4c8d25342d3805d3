interface WavOptions {
  sampleRate?: number;
  /** 8, 16, 24, 32 for whole numbers; 32 or 64 with `float`. */
  bits?: number;
  float?: boolean;
}

/** A WAV file of the given channels; full scale is 1. */
export function wavFile(
  channels: ArrayLike<number>[],
  { sampleRate = 22_050, bits = 16, float = false }: WavOptions = {},
): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const sampleBytes = bits / 8;
  const block = sampleBytes * channels.length;
  const bytes = new Uint8Array(44 + frames * block);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, value: string) => bytes.set(new TextEncoder().encode(value), offset);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, float ? 3 : 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * block, true);
  view.setUint16(32, block, true);
  view.setUint16(34, bits, true);
  text(36, 'data');
  view.setUint32(40, frames * block, true);
  for (let i = 0; i < frames; i++) {
    channels.forEach((channel, c) => {
      writeSample(view, 44 + i * block + c * sampleBytes, channel[i], bits, float);
    });
  }
  return bytes;
}

function writeSample(view: DataView, offset: number, sample: number, bits: number, float: boolean): void {
  const value = Math.round(sample * (2 ** (bits - 1) - 1));
  if (float && bits === 32) view.setFloat32(offset, sample, true);
  else if (float) view.setFloat64(offset, sample, true);
  else if (bits === 8) view.setUint8(offset, value + 128);
  else {
    for (let byte = 0; byte < bits / 8; byte++)
      view.setUint8(offset + byte, Math.floor(value / 256 ** byte) & 255);
  }
}

/** A cosine, so that its first sample is its peak. */
export function tone(hertz: number, seconds: number, sampleRate = 22_050, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, i) => amplitude * Math.cos((2 * Math.PI * hertz * i) / sampleRate),
  );
}
