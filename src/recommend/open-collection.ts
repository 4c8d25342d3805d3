import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { analysisOf } from '../audio/analysis-settings.ts';
import { type ClipStatistics, FEATURE_VERSION } from '../audio/descriptors.ts';
import { hasAudioEnding } from '../dataset/found-files.ts';
import { searchText } from '../dataset/search-fields.ts';
import { SoundalikeError } from '../errors.ts';
import { columnsOf, rawVector } from '../search/feature-vector.ts';
import { methodFor } from '../search/method.ts';
import { openSegmentAside } from '../search/open-segment-aside.ts';
import { listRows, type RowSet } from '../search/row-set.ts';
import { scaleVector } from '../search/scaling.ts';
import type { SearchedSegment } from '../search/search.ts';
import { inlinePool, type SearchPool } from '../search/search-pool.ts';
import type { Segment } from '../search/segment.ts';
import { type CurrentIndex, readCurrent, readCurrentId } from '../store/index-folder.ts';
import { openPeaks } from '../store/track-peaks.ts';
import type { Collection } from './collection.ts';
import { centroidOf, distanceToAll } from './seeds.ts';
import { trackFilters } from './track-filter.ts';

const NEIGHBOURS = 10;
const LISTED = 50;

/**
 * Opens the live index.
 *
 * @param pool Searches; by default the calling thread does, for as long as it takes.
 * @throws SoundalikeError INDEX_NOT_FOUND, INDEX_DAMAGED, INDEX_VERSION
 */
export async function openCollection(dataDir: string, pool: SearchPool = inlinePool): Promise<Collection> {
  const current = await readCurrent(dataDir);
  const segment = await openSegmentAside(current.segments[0]!, pool);
  return collectionOf(current, segment, openPeaks(dataDir, current.run), pool);
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

function collectionOf(
  { index, root }: CurrentIndex,
  { header, tracks, vectors, lsh, tree }: Segment,
  readPeaks: ReturnType<typeof openPeaks>,
  pool: SearchPool,
): Collection {
  const searched: SearchedSegment = { header, vectors, lsh, tree };
  const analysis = analysisOf(header.featureVersion);
  if (!analysis) {
    throw new SoundalikeError(
      'INDEX_VERSION',
      `the index ${index} has features of version ${header.featureVersion}, this program computes version ${FEATURE_VERSION}: run the collection again`,
    );
  }

  const rowOf = (id: string): number => {
    const row = tracks.rowOf(id) ?? (/^\d{1,5}$/.test(id) ? tracks.rowOf(id.padStart(6, '0')) : undefined);
    if (row !== undefined) return row;
    throw new SoundalikeError(
      'TRACK_NOT_FOUND',
      `the index has no track ${JSON.stringify(id)}, and there is no such file: \`soundalike export --format csv\` lists the ids`,
    );
  };

  const filters = trackFilters(tracks, header.rows);

  const vectorOfRow = (row: number) => vectors.subarray(row * header.dimension, (row + 1) * header.dimension);
  const vectorOfSound = (sound: ClipStatistics) =>
    scaleVector(rawVector(columnsOf(sound), header.layout), header.scaling, header.layout);

  return {
    index,
    size: header.rows,
    method: methodFor(header.rows),
    analysis,
    track: (id) => tracks.track(rowOf(id)),

    async list({ query = '', filter = {}, offset = 0, limit = LISTED }) {
      const accept = filters.rowsOf(filter);
      const words = searchText(query).split(' ').filter(Boolean);
      if (words.length > 0) {
        const { total, rows } = await pool.run('rowsWithWords', tracks.texts, words, offset, limit, accept);
        return { total, tracks: Array.from(rows, tracks.track) };
      }
      const rows = page(accept, header.rows, offset, limit);
      return { total: accept?.count ?? header.rows, tracks: Array.from(rows, tracks.track) };
    },

    genres: filters.genres,

    async similar(
      seeds,
      { k = NEIGHBOURS, method = methodFor(header.rows), filter = {}, otherArtists } = {},
    ) {
      const rows = new Set(seeds.filter((seed) => typeof seed === 'string').map(rowOf));
      const sounds = seeds.filter((seed) => typeof seed !== 'string').map(vectorOfSound);
      const { centre, spread } = centroidOf([...Array.from(rows, vectorOfRow), ...sounds]);
      const artists = otherArtists ? Array.from(rows, (row) => tracks.track(row).artist) : [];
      const excludeArtists = [
        ...(filter.excludeArtists ?? []),
        ...artists.filter((artist) => artist !== null),
      ];
      const accept = filters.rowsOf({ ...filter, excludeArtists });
      const search = { k, method, excludeRows: [...rows], ...(accept && { accept }) };
      const found = await pool.run('searchSegment', searched, centre, search);
      return Array.from(found.rows, (row, place) => {
        const distance = distanceToAll(found.distances[place]!, spread);
        return { ...tracks.track(row), distance, similarity: 1 / (1 + distance) };
      });
    },

    async duplicates(below) {
      const groups = await pool.run('duplicates', searched, below);
      return groups.map((group) => group.map(({ row, distance }) => ({ ...tracks.track(row), distance })));
    },

    async audioFile(id) {
      const { path } = tracks.track(rowOf(id));
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
      const row = rowOf(id);
      return readPeaks(tracks.track(row).id, row);
    },
  };
}

/** The rows of a page: of those accepted, or of so many. */
function page(accept: RowSet | undefined, rows: number, offset: number, limit: number): Uint32Array {
  if (!accept) {
    const count = Math.max(0, Math.min(limit, rows - offset));
    return Uint32Array.from({ length: count }, (_, i) => offset + i);
  }
  const listed = new Uint32Array(Math.min(accept.count, offset + limit));
  listRows(accept, 0, listed.length, listed);
  return listed.subarray(offset);
}
