import { writeChroma } from './chroma.ts';
import { DESCRIPTOR_NAMES, DESCRIPTORS, type DescriptorName, SCALARS } from './descriptors.ts';
import { GROUP } from './frame-group.ts';
import { writeMel } from './mel.ts';
import { melDecibels } from './mel-decibels.ts';
import { writeMfcc } from './mfcc.ts';
import { writeOnsetStrength } from './onset-strength.ts';
import { writePerceptual } from './perceptual.ts';
import { writeExtremes, writeSpectralContrast } from './spectral-contrast.ts';
import { writeSpectralFlatness } from './spectral-flatness.ts';
import { writeSpectralFlux } from './spectral-flux.ts';
import { writeSpectralShape } from './spectral-shape.ts';
import { BINS, forEachGroup, frameCount } from './stft.ts';
import { estimateTempo } from './tempo.ts';
import { writeTemporal } from './temporal.ts';
import { writeTonnetz } from './tonnetz.ts';
import { addPeaks, estimateTuning, noPeaks } from './tuning.ts';
import { heap } from './wasm-memory.ts';

/** Every descriptor of a clip, frame by frame: Float32Array, frames × bands, row-major. Scalars have one frame. */
export type ClipSeries = Record<DescriptorName, Float32Array> & { frames: number };

/** Room for the spectra of clips of up to 90 s stays: fresh memory costs more than filling it. */
const MOST_KEPT_FRAMES = 4096;
let kept = new Float32Array(0);

/**
 * All descriptors of a mono signal at 22,050 Hz, from one STFT. See docs/features.md for what they are.
 *
 * @param signal Finite samples, of any length.
 */
export function analyseSignal(signal: Float32Array): ClipSeries {
  const frames = frameCount(signal.length);
  const series = emptySeries(frames);
  const strongest = new Float32Array(series.spectral_contrast.length);
  const weakest = new Float32Array(series.spectral_contrast.length);
  // The tuning of the whole clip decides the chroma of each frame, so the spectra are kept: 4 kB a frame.
  const spectra = roomForSpectra(frames);
  const peaks = noPeaks();
  forEachGroup(signal, (frame, { power, magnitude }) => {
    spectra.set(heap().subarray(power, power + GROUP * BINS), frame * BINS);
    addPeaks(power, Math.min(GROUP, frames - frame), peaks);
    writeMel(power, frame, series.mel);
    writeSpectralFlatness(power, frame, series.spectral_flatness);
    writeSpectralShape(magnitude, frame, series);
    writeExtremes(magnitude, frame, strongest, weakest);
    writeSpectralFlux(magnitude, frame, series.spectral_flux);
    writePerceptual(magnitude, frame, series);
  });
  const decibels = melDecibels(series.mel);
  writeMfcc(decibels, series.mfcc);
  writeOnsetStrength(decibels, series.onset_strength);
  writeSpectralContrast(strongest, weakest, series.spectral_contrast);
  const tuning = estimateTuning(peaks);
  series.tuning[0] = tuning / 100;
  writeChroma(spectra, tuning, series.chroma_stft);
  writeTonnetz(series.chroma_stft, series.tonnetz);
  const { tempo, strength } = estimateTempo(series.onset_strength);
  series.tempo[0] = tempo;
  series.tempo_strength[0] = strength;
  writeTemporal(signal, series.zcr, series.rms);
  return series;
}

function roomForSpectra(frames: number): Float32Array {
  const length = Math.ceil(frames / GROUP) * GROUP * BINS;
  if (kept.length >= length) return kept;
  const room = new Float32Array(length);
  if (frames <= MOST_KEPT_FRAMES) kept = room;
  return room;
}

function emptySeries(frames: number): ClipSeries {
  const entries = DESCRIPTOR_NAMES.map((name) => [
    name,
    new Float32Array((SCALARS.includes(name) ? 1 : frames) * DESCRIPTORS[name]),
  ]);
  return { frames, ...Object.fromEntries(entries) };
}
