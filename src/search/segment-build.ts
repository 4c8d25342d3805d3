import { SoundalikeError } from '../errors.ts';
import { allocateFloats } from '../wasm/shared-memory.ts';
import { type SoundLayout, soundLayoutOf } from './aspects.ts';
import { gatherRows } from './gather-rows.ts';
import { kmeans } from './kmeans.ts';
import { buildLsh } from './lsh-build.ts';
import { MAXIMUM_ROWS } from './lsh-index.ts';
import { mapLayout, placeOnMap } from './map-layout.ts';
import { rotationOf } from './rotation.ts';
import type { EncodedSegment, Segment, SegmentContent } from './segment.ts';
import { encodeSegment } from './segment.ts';
import { type AspectForms, scaleSounds } from './segment-sounds.ts';
import { buildTree } from './tree-build.ts';

/** Of a segment's random choices; another one would give another index of the same quality. */
const SEED = 1;

const NO_SOUNDS = { raws: [], layout: soundLayoutOf([]), given: {} };

/**
 * Clusters, hashes and codes the tracks of a collection and encodes them as one segment, in the order of ids whatever
 * the order given.
 *
 * @param input `vectors`: Float32Array, tracks × dimension, row-major, in the order of `tracks`, as `scaleVector`
 * makes them; at least 1 track. `sounds`: as `scaleSounds` takes them, in the order of `tracks`; without them the
 * segment tells no aspects. `base`: the segment in whose map they get their places; by default they get one of their
 * own.
 * @throws SoundalikeError TRACK_ID_DUPLICATE, USAGE where there are more tracks than a segment holds.
 */
export function buildSegment(
  input: Pick<SegmentContent, 'tracks' | 'layout' | 'scaling' | 'featureVersion'> & {
    vectors: Float32Array;
    sounds?: { raws: readonly Float32Array[]; layout: SoundLayout; given?: AspectForms };
    base?: Pick<Segment, 'tree' | 'map'>;
  },
): EncodedSegment {
  const { layout, scaling, featureVersion } = input;
  if (input.tracks.length > MAXIMUM_ROWS) {
    throw new SoundalikeError(
      'USAGE',
      `a segment holds ${MAXIMUM_ROWS} tracks at most, not ${input.tracks.length}; cut the collection into several runs`,
    );
  }
  const dimension = input.vectors.length / input.tracks.length;
  const { order, tracks, vectors } = orderById(input.tracks, input.vectors, dimension);
  const { raws, layout: soundLayout, given } = input.sounds ?? NO_SOUNDS;
  const sounds = scaleSounds(raws.length === 0 ? [] : order.map((place) => raws[place]), soundLayout, given);
  const clusters = kmeans(vectors, dimension, { seed: SEED });
  const rotation = rotationOf(vectors, dimension);
  const lsh = buildLsh(vectors, dimension, { seed: SEED, rotation });
  const tree = buildTree(vectors, dimension, { seed: SEED, rotation });
  const map = input.base ? placeOnMap(input.base, vectors, SEED) : mapLayout(tree, SEED);
  return encodeSegment({
    tracks,
    layout,
    scaling,
    sounds,
    featureVersion,
    seed: SEED,
    clusters,
    lsh,
    tree,
    map,
  });
}

/** Ids in the order of their code units, which no locale changes. */
function orderById(given: SegmentContent['tracks'], vectors: Float32Array, dimension: number) {
  const order = given.map((_, place) => place).sort((a, b) => (given[a].id < given[b].id ? -1 : 1));
  // Where kernels reach it: LSH is measured on the rows while it is built.
  const ordered = gatherRows(vectors, dimension, order, allocateFloats(vectors.length));
  const tracks = order.map((place) => given[place]);
  const twice = tracks.find(({ id }, row) => id === tracks[row + 1]?.id);
  if (twice) {
    throw new SoundalikeError(
      'TRACK_ID_DUPLICATE',
      `two tracks have the id ${twice.id}; rename one of their files`,
    );
  }
  return { order, tracks, vectors: ordered };
}
