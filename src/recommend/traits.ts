import type { ClipStatistics } from '../audio/descriptors.ts';
import { SOUND_VALUES, type SoundValue, soundValuesOf } from '../search/aspects.ts';
import { columnsOf } from '../search/feature-vector.ts';
import type { OpenIndex } from '../store/open-index.ts';
import type { Spread, Traits } from './why.ts';

/** The tempi of tracks that have one tempo differ by no larger factor: librosa's lie 3 % to 6 % apart. */
const SAME_TEMPO = 1.04;

/** What the tracks of a collection plainly sound like. */
export interface TraitTable {
  of(row: number): Traits;
  spread: Spread;
}

export function traitTable({ segments, list }: Pick<OpenIndex, 'segments' | 'list'>): TraitTable {
  const tables = segments.map(({ segment: { sounds, tracks } }) => ({
    ...sounds.values,
    tempo: tracks.columns.tempos,
  }));
  const spreads = SOUND_VALUES.map((value) => [value, spreadOf(value, tables)] as const);
  return {
    spread: Object.fromEntries(spreads),
    of(row) {
      const { place, row: own } = list.placeOf(row);
      const values = Object.entries(tables[place]!).map(([name, numbers]) => [name, numbers[own]] as const);
      return Object.fromEntries(values.filter(([, value]) => !Number.isNaN(value)));
    },
  };
}

/** The traits of a sound that need not be in the collection. */
export function traitsOfSound(sound: ClipStatistics): Traits {
  const tempo = sound.tempo?.mean[0];
  return { ...soundValuesOf(columnsOf(sound)), ...(tempo !== undefined && { tempo }) };
}

/** Over all rows, the deleted ones of an index included: a few do not change what is usual. */
function spreadOf(value: SoundValue, tables: Partial<Record<SoundValue, Float32Array>>[]) {
  let [count, sum, squares] = [0, 0, 0];
  for (const table of tables) {
    const numbers = table[value] ?? [];
    // Opening an index waits for it: an iterator would take ten times as long.
    for (let row = 0; row < numbers.length; row++) {
      sum += numbers[row]!;
      squares += numbers[row]! * numbers[row]!;
    }
    count += numbers.length;
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/**
 * The traits of several tracks as of one: means; the tempo and the key only where all have the same.
 *
 * @param all At least one.
 */
export function commonTraits(all: readonly Traits[]): Traits {
  const common: Traits = {};
  for (const trait of [...SOUND_VALUES, 'tempo'] as const) {
    const values = all.flatMap((traits) => traits[trait] ?? []);
    if (values.length < all.length) continue;
    if (trait === 'tempo' && Math.max(...values) > SAME_TEMPO * Math.min(...values)) continue;
    if (trait === 'key' && values.some((key) => key !== values[0])) continue;
    common[trait] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return common;
}
