import type { Aspect, SoundValue } from '../search/aspects.ts';
import { fifthOf } from '../search/derived-columns.ts';

/** What a track plainly sounds like, as far as it is known: see `SoundValue` for the units. */
export type Traits = Partial<Record<SoundValue | 'tempo', number>>;

/** A trait that is more or less, with the words for it. */
type Scale = Exclude<SoundValue, 'key' | 'keyStrength'>;

/** Mean and standard deviation of each trait in the collection. */
export type Spread = Partial<Record<Scale, { mean: number; deviation: number }>>;

const SCALES: Record<Scale, { more: string; less: string; bothMore: string; bothLess: string; as: string }> =
  {
    brightness: {
      more: 'brighter timbre',
      less: 'darker timbre',
      bothMore: 'both bright',
      bothLess: 'both dark',
      as: 'as bright',
    },
    noisiness: {
      more: 'noisier',
      less: 'purer tone',
      bothMore: 'both noisy',
      bothLess: 'both pure in tone',
      as: 'as noisy',
    },
    percussiveness: {
      more: 'more percussive',
      less: 'smoother',
      bothMore: 'both percussive',
      bothLess: 'both smooth',
      as: 'as percussive',
    },
    loudness: {
      more: 'louder',
      less: 'quieter',
      bothMore: 'both loud',
      bothLess: 'both quiet',
      as: 'as loud',
    },
    dynamics: {
      more: 'more dynamic',
      less: 'steadier level',
      bothMore: 'both dynamic',
      bothLess: 'both of steady level',
      as: 'as dynamic',
    },
  };

const OF_ASPECT: Record<Aspect, readonly (Scale | 'tempo' | 'key')[]> = {
  rhythm: ['tempo', 'percussiveness'],
  timbre: ['brightness', 'noisiness'],
  harmony: ['key'],
  loudness: ['loudness', 'dynamics'],
};

const NOTES = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

/** Tempi that differ by less than this share are heard as one: librosa's estimates lie 3 % to 6 % apart. */
const SAME_TEMPO = 0.04;
/** Standard deviations of the collection: from here on a difference is told, or a trait is out of the ordinary. */
const TOLD = 0.6;
const MUCH = 1.8;
const CLOSE = 0.3;
/** Correlation with a key's profile below which a key is a guess. */
const CLEAR_KEY = 0.55;

/** Something that could be said, and how telling it is: in about the standard deviations that it is away from chance. */
interface Remark {
  text: string;
  likeness: boolean;
  about: Scale | 'tempo' | 'key';
  weight: number;
}

/**
 * Says in a few plain words how a track is like another and how it is not: the most telling likeness and the most
 * telling difference, each against what is usual in the collection.
 *
 * @param from The track (or the middle of several) that is asked about.
 * @param to The one that was found for it.
 * @param aspect What was compared: remarks about it come first.
 */
export function why(from: Traits, to: Traits, spread: Spread, aspect?: Aspect): string {
  const remarks = [...tempoRemarks(from, to), ...keyRemarks(from, to), ...scaleRemarks(from, to, spread)];
  const meant: readonly string[] = aspect ? OF_ASPECT[aspect] : [];
  const rank = ({ about, weight }: Remark) => (meant.includes(about) ? 100 : 0) + weight;
  // Sorting is stable: what is equally telling stays in the order above.
  remarks.sort((a, b) => rank(b) - rank(a));
  const first = remarks.find(({ likeness }) => likeness);
  const second = remarks.find(({ likeness, about }) => !likeness && about !== first?.about);
  const said = first && second ? [first, second] : remarks.slice(0, 2);
  // Likenesses first: they are what the track was found by.
  return said.length > 0 ? said.map(({ text }) => text).join(', ') : 'alike in most things';
}

function tempoRemarks({ tempo: from }: Traits, { tempo: to }: Traits): Remark[] {
  if (!from || !to) return [];
  const about = 'tempo';
  const away = Math.round(Math.abs(to - from));
  const isNear = (share: number) => Math.abs(share - 1) <= SAME_TEMPO;
  if (isNear(to / from)) {
    const text = away === 0 ? 'same tempo' : `same tempo ±${away}`;
    return [{ text, likeness: true, about, weight: 1.6 - Math.abs(to / from - 1) / SAME_TEMPO / 2 }];
  }
  if (isNear(to / from / 2)) return [{ text: 'double the tempo', likeness: true, about, weight: 1 }];
  if (isNear((2 * to) / from)) return [{ text: 'half the tempo', likeness: true, about, weight: 1 }];
  const text = to > from ? `${away} bpm faster` : `${away} bpm slower`;
  // A third faster or slower is as telling as a standard deviation of another trait.
  const weight = 3 * (Math.max(to / from, from / to) - 1);
  return weight >= TOLD ? [{ text, likeness: false, about, weight: Math.min(weight, 2) }] : [];
}

function keyRemarks(from: Traits, to: Traits): Remark[] {
  const isClear = ({ keyStrength = 0 }: Traits) => keyStrength >= CLEAR_KEY;
  if (from.key === undefined || to.key === undefined || !isClear(from) || !isClear(to)) return [];
  const about = 'key';
  if (from.key === to.key)
    return [{ text: `same key (${keyName(to.key)})`, likeness: true, about, weight: 1.5 }];
  const apart = Math.abs(fifthOf(from.key) - fifthOf(to.key));
  // The same notes, or all but one.
  const isRelated = Math.min(apart, 12 - apart) <= 1;
  if (isRelated) return [{ text: `related key (${keyName(to.key)})`, likeness: true, about, weight: 0.7 }];
  return [{ text: `another key (${keyName(to.key)})`, likeness: false, about, weight: 0.1 }];
}

function scaleRemarks(from: Traits, to: Traits, spread: Spread): Remark[] {
  return (Object.keys(SCALES) as Scale[]).flatMap((about): Remark[] => {
    const { mean, deviation } = spread[about] ?? { mean: 0, deviation: 0 };
    const [a, b] = [from[about], to[about]];
    if (a === undefined || b === undefined || !(deviation > 0)) return [];
    const [here, there] = [(a - mean) / deviation, (b - mean) / deviation];
    const words = SCALES[about];
    const away = Math.abs(there - here);
    if (away >= TOLD) {
      const text = there > here ? words.more : words.less;
      return [{ text: away >= MUCH ? `much ${text}` : text, likeness: false, about, weight: away }];
    }
    const both = Math.min(Math.abs(here), Math.abs(there));
    if (both < TOLD || here > 0 !== there > 0) {
      // Little to say, but of the aspect that was asked about it is worth it.
      return away < CLOSE ? [{ text: words.as, likeness: true, about, weight: 0.1 }] : [];
    }
    return [{ text: here > 0 ? words.bothMore : words.bothLess, likeness: true, about, weight: both }];
  });
}

const keyName = (key: number) => `${NOTES[key % 12]} ${key < 12 ? 'major' : 'minor'}`;
