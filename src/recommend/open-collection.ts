import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { analysisOf } from '../audio/analysis-settings.ts';
import { FEATURE_VERSION } from '../audio/descriptors.ts';
import { hasAudioEnding } from '../dataset/found-files.ts';
import { SoundalikeError } from '../errors.ts';
import { squaredDistance } from '../search/distance.ts';
import { groupPairs } from '../search/duplicate-rows.ts';
import { methodFor } from '../search/method.ts';
import type { SearchedSegment } from '../search/search.ts';
import { inlinePool, type SearchPool } from '../search/search-pool.ts';
import { similarityJoinOfList } from '../search/similarity-join-list.ts';
import { readCurrentId } from '../store/index-folder.ts';
import { type OpenIndex, openIndex } from '../store/open-index.ts';
import { openPeaks } from '../store/track-peaks.ts';
import type { Collection } from './collection.ts';
import { collectionAlbums } from './collection-albums.ts';
import { type CollectionMap, collectionMap } from './collection-map.ts';
import { findPath } from './path.ts';
import { recommendFor, type SoundSpace } from './recommend-for.ts';
import { searchSpaces } from './search-spaces.ts';
import { centroidOf, distanceToAll } from './seeds.ts';
import { startPoints } from './start-points.ts';
import { trackFilters } from './track-filter.ts';
import { trackLists } from './track-list.ts';
import { commonTraits, traitsOfSound, traitTable } from './traits.ts';
import { why } from './why.ts';

const NEIGHBOURS = 10;

/**
 * Opens the live index.
 *
 * @param pool Searches; by default the calling thread does, for as long as it takes.
 * @throws SoundalikeError INDEX_NOT_FOUND, INDEX_DAMAGED, INDEX_VERSION
 */
export async function openCollection(dataDir: string, pool: SearchPool = inlinePool): Promise<Collection> {
  return collectionOf(dataDir, await openIndex(dataDir, pool), pool);
}

/**
 * Gives the live index at each call, opened anew only when CURRENT has moved.
 *
 * @param pool Searches.
 * @throws SoundalikeError as `openCollection`, from the function that is returned.
 */
export function liveCollection(dataDir: string, pool: SearchPool): () => Promise<Collection> {
  let open: Promise<Collection> | null = null;
  let index: string | null = null;
  return async () => {
    const current = await readCurrentId(dataDir);
    if (open && current === index) return open;
    index = current;
    open = openCollection(dataDir, pool);
    // A failure is not kept: the next call tries again.
    open.catch(() => {
      open = null;
    });
    return open;
  };
}

function collectionOf(dataDir: string, open: OpenIndex, pool: SearchPool): Collection {
  const { index, segments, list, header } = open;
  const searched = segments.map(
    ({ segment: { header, vectors, lsh, tree } }): SearchedSegment => ({ header, vectors, lsh, tree }),
  );
  const [first] = segments;
  /** Of one segment, what its rows are asked for is the answer. */
  const isWhole = segments.length === 1 && first!.rows === null;
  const runs = new Set(segments.flatMap(({ sources }) => sources.map(({ run }) => run)));
  const readPeaks = new Map(Array.from(runs, (run) => [run, openPeaks(dataDir, run)]));
  const analysis = analysisOf(header.featureVersion);
  if (!analysis) {
    throw new SoundalikeError(
      'INDEX_VERSION',
      `the index ${index} has features of version ${header.featureVersion}, this program computes version ${FEATURE_VERSION}: run the collection again`,
    );
  }

  const rowOf = (id: string): number => {
    const row = open.rowOf(id);
    if (row !== undefined) return row;
    throw new SoundalikeError(
      'TRACK_NOT_FOUND',
      `the index has no track ${JSON.stringify(id)}, and there is no such file: \`soundalike export --format csv\` lists the ids`,
    );
  };

  const filters = trackFilters(segments, list, pool);
  const artistOf = (row: number): string | null => {
    const { place, row: own } = list.placeOf(row);
    return segments[place]!.segment.tracks.artistOf(own);
  };
  const spaceOf = searchSpaces(open, pool);
  const traits = traitTable(open);

  let starts: Float32Array[] | undefined;
  const space: SoundSpace = {
    size: list.size,
    rowOf: list.rowOf,
    track: list.track,
    vectorOf: list.vector,
    nearest: (query, k, excludeRows) =>
      spaceOf().search(query.slice(), k, methodFor(list.size), { excludeRows }),
    starts() {
      starts ??= startPoints(first!.segment);
      return starts;
    },
  };
  let map: Promise<CollectionMap> | undefined;

  return {
    index,
    size: list.size,
    method: methodFor(list.size),
    analysis,
    track: (id) => list.track(rowOf(id)),

    list: trackLists(open, filters, pool),

    albums: () => collectionAlbums(segments, list),

    async tracksOfPaths(paths) {
      const found = await Promise.all(
        segments.map(({ segment: { tracks }, rows }) =>
          pool.run('rowsOfPaths', tracks.paths, paths, rows?.live),
        ),
      );
      return paths.map((_, wanted) => {
        const place = found.findIndex((rows) => rows[wanted]! >= 0);
        return place < 0 ? null : list.track(list.rowAt(place, found[place]![wanted]!));
      });
    },

    genres: filters.genres,

    async similar(
      seeds,
      { k = NEIGHBOURS, method = methodFor(list.size), aspect, filter = {}, otherArtists } = {},
    ) {
      const rows = new Set(seeds.filter((seed) => typeof seed === 'string').map(rowOf));
      const sounds = seeds.filter((seed) => typeof seed !== 'string');
      const space = spaceOf(aspect);
      const { centre, spread } = centroidOf([
        ...Array.from(rows, space.vectorOfRow),
        ...sounds.map(space.vectorOfSound),
      ]);
      const asked = commonTraits([...Array.from(rows, traits.of), ...sounds.map(traitsOfSound)]);
      const artists = otherArtists ? Array.from(rows, (row) => list.track(row).artist) : [];
      const excludeArtists = [
        ...(filter.excludeArtists ?? []),
        ...artists.filter((artist) => artist !== null),
      ];
      const accept = await filters.rowsOf({ ...filter, excludeArtists });
      const found = await space.search(centre, k, method, {
        excludeRows: [...rows],
        ...(accept && { accept }),
      });
      return Array.from(found.rows, (row, place) => {
        const distance = distanceToAll(found.distances[place]!, spread);
        const reason = why(asked, traits.of(row), traits.spread, aspect);
        return { ...list.track(row), distance, similarity: 1 / (1 + distance), why: reason };
      });
    },

    async path(from, to, steps) {
      const [start, end] = [rowOf(from), rowOf(to)];
      if (start === end) {
        throw new SoundalikeError('USAGE', 'a path needs two different tracks: name another one');
      }
      const space = spaceOf();
      const search = { from: start, to: end, steps, method: methodFor(list.size), rows: list.size, artistOf };
      const path = await findPath(search, space, pool);
      return path.map((row, place) => {
        const before = path[place - 1];
        if (before === undefined) return { ...list.track(row), distance: null, why: null };
        const square = squaredDistance(list.vector(row), 0, list.vector(before));
        const reason = why(traits.of(before), traits.of(row), traits.spread);
        return { ...list.track(row), distance: Math.sqrt(square), why: reason };
      });
    },

    recommend: (profile) => recommendFor(profile, space),

    async duplicates(below) {
      if (isWhole) {
        const groups = await pool.run('duplicates', searched[0]!, below);
        return groups.map((group) => group.map(({ row, distance }) => ({ ...list.track(row), distance })));
      }
      const rows = list.inOrder();
      const groups = groupPairs(similarityJoinOfList(segments, list, below), list.size);
      return groups.map((group) =>
        group.map(({ row: place, distance }) => ({ ...list.track(rows[place]!), distance })),
      );
    },

    map() {
      map ??= filters.genres().then((genres) => collectionMap(segments, list, genres));
      return map;
    },

    async audioFile(id) {
      const row = rowOf(id);
      const { path } = list.track(row);
      const { root } = open.originOf(row);
      const file = resolve(root, path);
      const [realFile, realRoot] = await Promise.all([realpath(file), realpath(root)]).catch((cause) => {
        throw new SoundalikeError('TRACK_NOT_FOUND', `the file of track ${id} is not there any more`, {
          cause,
        });
      });
      // A path that the source itself gave as absolute may lie anywhere; any other must stay below the root.
      const away = relative(realRoot, realFile);
      const inside = away !== '..' && !away.startsWith(`..${sep}`) && !isAbsolute(away);
      if ((!inside && !isAbsolute(path)) || !hasAudioEnding(realFile)) {
        throw new SoundalikeError(
          'TRACK_NOT_FOUND',
          `the file of track ${id} leads out of the collection's folder, or is no audio file`,
        );
      }
      return realFile;
    },

    async peaks(id) {
      const at = rowOf(id);
      const { run, row } = open.originOf(at);
      return readPeaks.get(run)!(list.track(at).id, row);
    },
  };
}
