import { writeChroma } from './chroma.ts';
import { writeChromaCens } from './chroma-cens.ts';
import { writeChromaCqt } from './chroma-cqt.ts';
import { constantQ } from './constant-q.ts';
import { DESCRIPTORS, type DescriptorName, SCALARS } from './descriptors.ts';
import { dynamicRange } from './dynamic-range.ts';
import { GROUP } from './frame-group.ts';
import { keptRoom, MOST_KEPT_FRAMES } from './kept-room.ts';
import { estimateKey } from './key.ts';
import { writeMel } from './mel.ts';
import { melDecibels } from './mel-decibels.ts';
import { writeMfcc } from './mfcc.ts';
import { writeMfccDelta } from './mfcc-delta.ts';
import { writeOnsetStrength } from './onset-strength.ts';
import { type PerceptualSeries, writePerceptual } from './perceptual.ts';
import { spectraRoom } from './spectra-room.ts';
import { writeExtremes, writeSpectralContrast } from './spectral-contrast.ts';
import { writeSpectralFlatness } from './spectral-flatness.ts';
import { writeSpectralFlux } from './spectral-flux.ts';
import { type SpectralShapeSeries, writeSpectralShape } from './spectral-shape.ts';
import { BINS, forEachGroup, frameCount, type Visit } from './stft.ts';
import { estimateTempo } from './tempo.ts';
import { writeTempogram } from './tempogram.ts';
import { writeTempogramRatio } from './tempogram-ratio.ts';
import { writeTemporal } from './temporal.ts';
import { writeTonnetz } from './tonnetz.ts';
import { addPeaks, estimateTuning, noPeaks } from './tuning.ts';

/** Descriptors of a clip, frame by frame: Float32Array, frames × bands, row-major. Scalars have one frame. */
export type ClipSeries<Name extends DescriptorName = DescriptorName> = Record<Name, Float32Array> & {
  frames: number;
};

/** What a descriptor is made from, or together with. */
const MADE_WITH: Partial<Record<DescriptorName, DescriptorName[]>> = {
  mfcc: ['mel'],
  onset_strength: ['mel'],
  spectral_centroid: ['spectral_bandwidth', 'spectral_rolloff'],
  spectral_bandwidth: ['spectral_centroid'],
  spectral_rolloff: ['spectral_centroid'],
  zcr: ['rms'],
  rms: ['zcr'],
  chroma_stft: ['tuning'],
  tonnetz: ['chroma_stft'],
  loudness: ['sharpness', 'spread'],
  sharpness: ['loudness'],
  spread: ['loudness'],
  tempo: ['onset_strength', 'tempo_strength'],
  tempo_strength: ['tempo'],
  tempogram: ['onset_strength'],
  tempogram_ratio: ['tempo'],
  key: ['chroma_stft', 'key_strength'],
  key_strength: ['key'],
  dynamic_range: ['rms'],
  mfcc_delta: ['mfcc'],
  specific_loudness: ['loudness'],
  chroma_cens: ['chroma_cqt'],
  tonnetz_cens: ['chroma_cens'],
};

const melRoom = keptRoom(DESCRIPTORS.mel);

/**
 * Descriptors of a mono signal at 22,050 Hz, from one STFT. See docs/features.md for what they are.
 *
 * @param signal Finite samples, of any length.
 */
export function analyseSignal<const Names extends readonly DescriptorName[]>(
  signal: Float32Array,
  descriptors: Names,
): ClipSeries<Names[number]> {
  const frames = frameCount(signal.length);
  const series = emptySeries(withSources(descriptors), frames);
  // No part of the default preset, but what some of it is made of.
  if (series.mel && !descriptors.includes('mel')) series.mel = melRoom(frames);
  const { mel, mfcc, onset_strength, spectral_contrast, spectral_flatness, spectral_flux } = series;
  const { mfcc_delta, chroma_stft, zcr, rms, dynamic_range, tuning } = series;
  const { chroma_cqt, chroma_cens, tonnetz_cens } = series;
  const strongest = new Float32Array(spectral_contrast?.length ?? 0);
  const weakest = new Float32Array(strongest.length);
  // The tuning of the whole clip decides the chroma of each frame, so the spectra of a short one are kept.
  const keep = chroma_stft && frames <= MOST_KEPT_FRAMES;
  const spectra = keep ? spectraRoom(frames) : null;
  const peaks = noPeaks();
  // librosa estimates the tuning of a constant-Q transform on magnitudes, that of chroma_stft on powers.
  const magnitudePeaks = chroma_cqt && noPeaks();
  const visit: Visit = (frame, { power, magnitude }) => {
    if (tuning) addPeaks(power, Math.min(GROUP, frames - frame), peaks);
    if (magnitudePeaks) addPeaks(magnitude, Math.min(GROUP, frames - frame), magnitudePeaks);
    if (mel) writeMel(power, frame, mel);
    if (spectral_flatness) writeSpectralFlatness(power, frame, spectral_flatness);
    if (hasSpectralShape(series)) writeSpectralShape(magnitude, frame, series);
    if (spectral_contrast) writeExtremes(magnitude, frame, strongest, weakest);
    if (spectral_flux) writeSpectralFlux(magnitude, frame, spectral_flux);
    if (hasPerceptual(series)) writePerceptual(magnitude, frame, series);
  };
  forEachGroup(signal, visit, spectra === null ? undefined : (frame) => spectra + frame * BINS);
  if (mel && (mfcc || onset_strength)) {
    const decibels = melDecibels(mel);
    if (mfcc) writeMfcc(decibels, mfcc);
    if (onset_strength) writeOnsetStrength(decibels, onset_strength);
  }
  if (spectral_contrast) writeSpectralContrast(strongest, weakest, spectral_contrast);
  if (tuning) {
    const hundredths = estimateTuning(peaks);
    tuning[0] = hundredths / 100;
    if (chroma_stft && spectra !== null) writeChroma(spectra, hundredths, chroma_stft);
    else if (chroma_stft) writeLongChroma(signal, hundredths, chroma_stft);
  }
  if (mfcc && mfcc_delta) writeMfccDelta(mfcc, mfcc_delta);
  writeHarmony(series);
  if (magnitudePeaks && chroma_cqt) {
    writeChromaCqt(constantQ(signal, estimateTuning(magnitudePeaks)), chroma_cqt);
    if (chroma_cens) writeChromaCens(chroma_cqt, chroma_cens);
    if (chroma_cens && tonnetz_cens) writeTonnetz(chroma_cens, tonnetz_cens);
  }
  writeRhythm(series);
  if (zcr && rms) writeTemporal(signal, zcr, rms);
  if (rms && dynamic_range) dynamic_range[0] = dynamicRange(rms);
  const asked = descriptors.map((name) => [name, series[name]]);
  return { frames, ...Object.fromEntries(asked) };
}

/** What the chroma tells. */
function writeHarmony({ chroma_stft, tonnetz, key, key_strength }: SomeSeries): void {
  if (!chroma_stft) return;
  if (tonnetz) writeTonnetz(chroma_stft, tonnetz);
  if (key && key_strength) {
    const estimate = estimateKey(chroma_stft);
    key[0] = estimate.key;
    key_strength[0] = estimate.strength;
  }
}

/** What the onset strength tells. */
function writeRhythm(series: SomeSeries): void {
  const { onset_strength, tempo, tempo_strength, tempogram, tempogram_ratio } = series;
  if (!onset_strength) return;
  if (tempogram) writeTempogram(onset_strength, tempogram);
  if (tempo && tempo_strength) {
    const estimate = estimateTempo(onset_strength);
    tempo[0] = estimate.tempo;
    tempo_strength[0] = estimate.strength;
    if (tempogram_ratio) writeTempogramRatio(onset_strength, estimate.beat, tempogram_ratio);
  }
}

/** Computes the spectra once more: those of ten minutes would take 106 MB. */
function writeLongChroma(signal: Float32Array, tuning: number, chroma: Float32Array): void {
  const frames = frameCount(signal.length);
  const spectra = spectraRoom(MOST_KEPT_FRAMES);
  const visit: Visit = (frame) => {
    const place = frame % MOST_KEPT_FRAMES;
    const end = Math.min(frames, frame + GROUP);
    if (place + GROUP < MOST_KEPT_FRAMES && end < frames) return;
    const bands = DESCRIPTORS.chroma_stft;
    writeChroma(spectra, tuning, chroma.subarray((frame - place) * bands, end * bands));
  };
  forEachGroup(signal, visit, (frame) => spectra + (frame % MOST_KEPT_FRAMES) * BINS);
}

type SomeSeries = Partial<Record<DescriptorName, Float32Array>>;

const hasSpectralShape = (series: SomeSeries): series is SomeSeries & SpectralShapeSeries =>
  series.spectral_centroid !== undefined;

const hasPerceptual = (series: SomeSeries): series is SomeSeries & PerceptualSeries =>
  series.loudness !== undefined;

/** The descriptors and, after them, all that they are made with. */
function withSources(descriptors: readonly DescriptorName[]): Set<DescriptorName> {
  const all = new Set(descriptors);
  for (const name of all) for (const source of MADE_WITH[name] ?? []) all.add(source);
  return all;
}

function emptySeries(names: Set<DescriptorName>, frames: number): SomeSeries {
  const entries = Array.from(names, (name) => [
    name,
    new Float32Array((SCALARS.includes(name) ? 1 : frames) * DESCRIPTORS[name]),
  ]);
  return Object.fromEntries(entries);
}
