import type { ClipStatistics } from '../audio/descriptors.ts';
import { SoundalikeError } from '../errors.ts';
import type { Aspect } from '../search/aspects.ts';
import { columnsOf, rawVector } from '../search/feature-vector.ts';
import type { SearchMethod } from '../search/method.ts';
import type { Neighbours } from '../search/nearest.ts';
import type { RowChoice } from '../search/row-set.ts';
import { scaleVector } from '../search/scaling.ts';
import type { SearchedSegment } from '../search/search.ts';
import type { SearchPool } from '../search/search-pool.ts';
import { type AspectForm, aspectVector } from '../search/segment-sounds.ts';
import type { OpenIndex } from '../store/open-index.ts';
import { load } from '../wasm/file-blocks.ts';

/** What tracks are compared by: the whole sound, or one aspect of it. */
export interface SearchSpace {
  vectorOfRow(row: number): Float32Array;
  vectorOfSound(sound: ClipStatistics): Float32Array;
  /** The nearest rows to a vector of this space. @param method Of the whole sound; an aspect is searched exactly. */
  search(query: Float32Array, k: number, method: SearchMethod, choice: RowChoice): Promise<Neighbours>;
}

/**
 * @param pool Searches.
 * @returns The space of an aspect, or without one of the whole sound. @throws SoundalikeError ASPECT_MISSING
 */
export function searchSpaces(
  { segments, list, header }: Pick<OpenIndex, 'segments' | 'list' | 'header'>,
  pool: SearchPool,
): (aspect?: Aspect) => SearchSpace {
  const searched = segments.map(
    ({ segment: { header, vectors, lsh, tree } }): SearchedSegment => ({ header, vectors, lsh, tree }),
  );
  const whole: SearchSpace = {
    vectorOfRow: list.vector,
    vectorOfSound: (sound) =>
      scaleVector(rawVector(columnsOf(sound), header.layout), header.scaling, header.layout),
    async search(query, k, method, choice) {
      const asked = list.scatter({ k, method, ...choice });
      const found = searched.map((one, place) => pool.run('searchSegment', one, query, asked[place]!));
      return list.gather(query, k, await Promise.all(found));
    },
  };

  function spaceOf(aspect: Aspect, form: AspectForm): SearchSpace {
    const targets = segments.map(({ segment }) => ({ vectors: segment.sounds.aspects[aspect]! }));
    const vectorOfRow = (row: number) => {
      const { place, row: own } = list.placeOf(row);
      const { vectors } = targets[place]!;
      const width = vectors.length / segments[place]!.segment.header.rows;
      const found = vectors.subarray(own * width, (own + 1) * width);
      load(found);
      return found;
    };
    return {
      vectorOfRow,
      vectorOfSound: (sound) => aspectVector(columnsOf(sound), form),
      async search(query, k, _method, choice) {
        const asked = list.scatter({ k, method: 'exact', ...choice });
        const found = targets.map((target, place) => pool.run('nearestRows', target, query, asked[place]!));
        return list.gather(query, k, await Promise.all(found), vectorOfRow);
      },
    };
  }

  const forms = Object.entries(header.aspects) as [Aspect, AspectForm][];
  const spaces = new Map(forms.map(([aspect, form]) => [aspect, spaceOf(aspect, form)]));
  return (aspect) => {
    const space = aspect ? spaces.get(aspect) : whole;
    if (space) return space;
    throw new SoundalikeError(
      'ASPECT_MISSING',
      `the index does not tell the ${aspect} of tracks: run the collection with the preset default`,
    );
  };
}
