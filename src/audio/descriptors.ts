/** The analysis rate in Hz; every clip is mixed to mono and resampled to it (librosa.load's default). */
export const SAMPLE_RATE = 22_050;

/** Samples of one analysis frame, and between two frames (librosa's defaults). */
export const FRAME_LENGTH = 2048;
export const HOP_LENGTH = 512;

/**
 * The version of the program's part in a feature's value: decoder, resampler, descriptors, statistics. Raise it
 * with any change of values. What a user chose is added to it (analysis-settings.ts).
 */
export const FEATURE_VERSION = '4';

/** The descriptors there are, in their canonical order, with their number of bands. */
export const DESCRIPTORS = {
  mfcc: 20,
  mel: 128,
  spectral_centroid: 1,
  spectral_bandwidth: 1,
  spectral_rolloff: 1,
  spectral_contrast: 7,
  spectral_flatness: 1,
  zcr: 1,
  rms: 1,
  chroma_stft: 12,
  loudness: 1,
  sharpness: 1,
  spread: 1,
  onset_strength: 1,
  spectral_flux: 1,
  tonnetz: 6,
  tempo: 1,
  tempo_strength: 1,
  tuning: 1,
  tempogram: 384,
  tempogram_ratio: 13,
  key: 1,
  key_strength: 1,
  dynamic_range: 1,
  mfcc_delta: 20,
  specific_loudness: 24,
  chroma_cqt: 12,
  chroma_cens: 12,
  tonnetz_cens: 6,
} as const;

export type DescriptorName = keyof typeof DESCRIPTORS;

/** Descriptors that a clip has one value of, as if it had one frame: that value is all their means and extremes. */
export const SCALARS: readonly DescriptorName[] = [
  'tempo',
  'tempo_strength',
  'tuning',
  'key',
  'key_strength',
  'dynamic_range',
];

export const DESCRIPTOR_NAMES = Object.keys(DESCRIPTORS) as DescriptorName[];

/** Many numbers that others of the descriptors sum up. */
const ONLY_IN_FULL: readonly DescriptorName[] = ['mel', 'tempogram', 'mfcc_delta', 'specific_loudness'];

/** Of the constant-Q transform, which costs two thirds of what all the others cost together. */
const CONSTANT_Q: readonly DescriptorName[] = ['chroma_cqt', 'chroma_cens', 'tonnetz_cens'];

/** What is computed of each clip, by the name a user gives, in canonical order. */
export const PRESETS = {
  /** What search uses, rhythm and harmony. */
  default: DESCRIPTOR_NAMES.filter((name) => !ONLY_IN_FULL.includes(name) && !CONSTANT_Q.includes(name)),
  /** The 518 columns of FMA's features.csv, by our names: rms is its rmse, tonnetz_cens its tonnetz. */
  fma: [
    'mfcc',
    'spectral_centroid',
    'spectral_bandwidth',
    'spectral_rolloff',
    'spectral_contrast',
    'zcr',
    'rms',
    'chroma_stft',
    ...CONSTANT_Q,
  ],
  minimal: ['mfcc', 'spectral_centroid', 'zcr'],
  full: DESCRIPTOR_NAMES,
} as const satisfies Record<string, readonly DescriptorName[]>;

export type PresetName = keyof typeof PRESETS;

/** The statistics over frames, in FMA's order (features.py of fma_metadata). */
export const STATISTICS = ['kurtosis', 'max', 'mean', 'median', 'min', 'skew', 'std'] as const;

export type StatisticName = (typeof STATISTICS)[number];

/** The seven statistics of the descriptors that were computed; each array has one value a band. */
export type Statistics<Name extends DescriptorName> = Record<Name, Record<StatisticName, Float32Array>>;

/** As above, of a preset that is not known beforehand. */
export type ClipStatistics = Partial<Statistics<DescriptorName>>;

/** What the analysis of one clip gives. */
export interface ClipFeatures {
  /** Seconds of audio that decoded. */
  seconds: number;
  /** Rate in Hz and channel count of the file itself. */
  sampleRate: number;
  channels: number;
  /** The file ended early or was damaged; the values are from what decoded. */
  truncated: boolean;
  statistics: ClipStatistics;
  /** The waveform of the whole track, as `peaksOf` gives it. */
  peaks: Uint8Array;
  /** Descriptors of each 5 s of what was analysed, as `createSegments` gives them: segmentCount × 2 × bands. */
  segments: Float32Array;
  segmentCount: number;
}
