import { DESCRIPTORS, type DescriptorName, type StatisticName } from '../audio/descriptors.ts';
import { DERIVED_COLUMNS, sourcesOf } from './derived-columns.ts';
import type { Layout } from './feature-vector.ts';

/** What tracks can be compared by, besides their whole sound. */
export const ASPECTS = ['rhythm', 'timbre', 'harmony', 'loudness'] as const;

export type Aspect = (typeof ASPECTS)[number];

/**
 * The columns of each aspect with their shares of its squared distance. Only means and deviations: they hang on all
 * frames of a clip, and an aspect has few enough values for noise to show.
 */
const SHARES: Record<Aspect, Record<string, number>> = {
  // Tempo first, by its place in the octave and a little by the octave itself, since estimators miss by a factor of
  // two more than by any other. The ratios tell the metre and how beats are divided (Prockup et al. 2015), onset
  // strength and flux how hard and how evenly they come.
  rhythm: {
    tempo_octave: 0.36,
    tempo_level: 0.14,
    tempogram_ratio_mean: 0.2,
    tempogram_ratio_std: 0.05,
    tempo_strength_mean: 0.07,
    onset_strength_mean: 0.06,
    onset_strength_std: 0.06,
    spectral_flux_mean: 0.03,
    spectral_flux_std: 0.03,
  },
  // The descriptors of the whole sound that tell neither notes nor level, with the shares that they have there.
  timbre: {
    ...meanAndDeviation('mfcc', 0.56),
    ...meanAndDeviation('spectral_contrast', 0.22),
    ...meanAndDeviation('spectral_centroid', 0.04),
    ...meanAndDeviation('spectral_bandwidth', 0.03),
    ...meanAndDeviation('spectral_rolloff', 0.03),
    ...meanAndDeviation('spectral_flatness', 0.05),
    ...meanAndDeviation('zcr', 0.03),
    ...meanAndDeviation('sharpness', 0.02),
    ...meanAndDeviation('spread', 0.02),
  },
  // Which notes there are (chroma), how they stand to each other in fifths and thirds (tonnetz, Harte et al. 2006),
  // and what key they make; deviations tell how much the chords change.
  harmony: {
    chroma_stft_mean: 0.4,
    chroma_stft_std: 0.1,
    tonnetz_mean: 0.2,
    tonnetz_std: 0.1,
    key_fifths: 0.15,
    key_mode: 0.05,
  },
  // How loud, and how much that changes: within a passage (deviations) and over the clip (dynamic range).
  loudness: {
    ...meanAndDeviation('loudness', 0.5),
    ...meanAndDeviation('rms', 0.3),
    dynamic_range_mean: 0.2,
  },
};

/** Plain values, which tell why two tracks are alike, and the columns that they are. */
const VALUES = {
  /** Hz: the centre of gravity of the spectrum, which is heard as brightness. */
  brightness: 'spectral_centroid_mean',
  /** 0 is a tone, 1 is white noise. */
  noisiness: 'spectral_flatness_mean',
  /** Mean rise of the spectrum in dB from frame to frame: the strength of what is struck or plucked. */
  percussiveness: 'onset_strength_mean',
  /** Sone. */
  loudness: 'loudness_mean',
  /** dB between soft and loud passages. */
  dynamics: 'dynamic_range_mean',
  /** As `estimateKey` numbers it. */
  key: 'key_mean',
  /** 0 to 1. */
  keyStrength: 'key_strength_mean',
} as const satisfies Record<string, `${DescriptorName}_${StatisticName}`>;

export type SoundValue = keyof typeof VALUES;

/** The plain values of a sound. @param columns Of a shard, by name. */
export function soundValuesOf(
  columns: Record<string, ArrayLike<number>>,
): Partial<Record<SoundValue, number>> {
  const known = SOUND_VALUES.filter((value) => columns[VALUES[value]]);
  return Object.fromEntries(known.map((value) => [value, columns[VALUES[value]][0]]));
}

export const SOUND_VALUES = Object.keys(VALUES) as SoundValue[];

/** What an index keeps of a track's sound beside its vector, of what a preset computes. */
export interface SoundLayout {
  aspects: Partial<Record<Aspect, Layout>>;
  values: SoundValue[];
  /** The columns of all aspects, in their order, and then of the values: of `rawVector`. */
  whole: Layout;
  /** The shard columns that these are made of. */
  sources: string[];
}

/** An aspect without which it would be another: where the preset lacks it, the aspect is left out. */
const ESSENTIAL: Record<Aspect, DescriptorName> = {
  rhythm: 'tempo',
  timbre: 'mfcc',
  harmony: 'chroma_stft',
  loudness: 'rms',
};

/** @param descriptors Those that were computed. */
export function soundLayoutOf(descriptors: readonly DescriptorName[]): SoundLayout {
  const known = (column: string) =>
    sourcesOf([column]).every((source) => descriptors.includes(descriptorOf(source)));
  const layouts = ASPECTS.filter((aspect) => descriptors.includes(ESSENTIAL[aspect])).map(
    (aspect): [Aspect, Layout] => [
      aspect,
      Object.entries(SHARES[aspect])
        .filter(([column]) => known(column))
        .map(([column, weight]) => ({ column, bands: bandsOf(column), weight })),
    ],
  );
  const values = SOUND_VALUES.filter((value) => known(VALUES[value]));
  const whole = [
    ...layouts.flatMap(([, layout]) => layout),
    ...values.map((value) => ({ column: VALUES[value], bands: 1, weight: 0 })),
  ];
  return {
    aspects: Object.fromEntries(layouts),
    values,
    whole,
    sources: sourcesOf(whole.map(({ column }) => column)),
  };
}

const descriptorOf = (column: string) => column.slice(0, column.lastIndexOf('_')) as DescriptorName;

const bandsOf = (column: string) => DERIVED_COLUMNS[column]?.bands ?? DESCRIPTORS[descriptorOf(column)];

function meanAndDeviation(descriptor: DescriptorName, share: number): Record<string, number> {
  return { [`${descriptor}_mean`]: 0.55 * share, [`${descriptor}_std`]: 0.45 * share };
}
