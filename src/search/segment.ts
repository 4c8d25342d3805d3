import { basename, resolve } from 'node:path';
import type { Table } from 'apache-arrow';
import { tableFromIPC } from 'apache-arrow';
import { messageOf, SoundalikeError } from '../errors.ts';
import { load } from '../wasm/file-blocks.ts';
import { GROUP } from './code-kernel.ts';
import type { Layout } from './feature-vector.ts';
import { dimensionOf } from './feature-vector.ts';
import type { Clustering } from './lloyd.ts';
import type { LshIndex } from './lsh-index.ts';
import type { MapLayout } from './map-layout.ts';
import { BLOCK } from './product-quantiser.ts';
import type { Scaling } from './scaling.ts';
import {
  arrayColumn,
  encodeTable,
  loadMetadata,
  matrixColumn,
  numberColumn,
  numbersOf,
} from './segment-arrow.ts';
import type { SegmentFolder } from './segment-files.ts';
import { damaged, readSegmentArrow, readSegmentFile } from './segment-files.ts';
import type { SegmentFile, SegmentHeader } from './segment-header.ts';
import {
  decodeHeader,
  describeFile,
  encodeHeader,
  HEADER_FILE,
  headerOf,
  segmentId,
} from './segment-header.ts';
import { type AspectForms, decodeSounds, encodeSounds, type SegmentSounds } from './segment-sounds.ts';
import type { SegmentTrack, TrackTable } from './segment-tracks.ts';
import { decodeTracks, encodeTracks } from './segment-tracks.ts';
import { BOOK, componentsOf, groupBytes, type TreeIndex } from './tree-index.ts';

/** A segment in memory, never changed. Its arrays lie in shared memory, for other threads to search as well. */
export interface Segment {
  id: string;
  header: SegmentHeader;
  tracks: TrackTable;
  /** rows × dimension, row-major: scaled and weighted. */
  vectors: Float32Array;
  sounds: SegmentSounds;
  lsh: LshIndex;
  tree: TreeIndex;
  /** clusters × dimension, row-major. */
  centres: Float32Array;
  map: MapLayout;
}

/** A segment as the files of its folder, which must have the segment's id for its name. */
export interface EncodedSegment {
  id: string;
  header: SegmentHeader;
  /** The Arrow files and header.json. */
  files: { name: string; bytes: Uint8Array }[];
}

export interface SegmentContent {
  /** Row by row, in the order of ids. */
  tracks: readonly SegmentTrack[];
  layout: Layout;
  scaling: Scaling;
  sounds: SegmentSounds & { forms: AspectForms };
  featureVersion: string;
  /** Of every random choice that clusters, LSH and tree were made with. */
  seed: number;
  clusters: Clustering;
  /** Both hold the vectors, too. */
  lsh: LshIndex;
  tree: TreeIndex;
  map: MapLayout;
}

/** The same content gives the same bytes on any machine: no time, no folder, no order but that of the rows. */
export function encodeSegment(content: SegmentContent): EncodedSegment {
  const { tracks, layout, scaling, sounds, featureVersion, seed, clusters, lsh, tree, map } = content;
  const files: Record<SegmentFile, Uint8Array> = {
    'clusters.arrow': encodeTable({ centre: matrixColumn(clusters.centres, lsh.dimension) }),
    'lsh.arrow': encodeTable({
      directions: arrayColumn(lsh.directions),
      shifts: arrayColumn(lsh.shifts),
      keySteps: arrayColumn(lsh.keySteps),
      rotation: arrayColumn(lsh.rotation),
      offsets: arrayColumn(lsh.offsets),
      codebooks: arrayColumn(lsh.codebooks),
      tableStarts: arrayColumn(lsh.tableStarts),
      bucketKeys: arrayColumn(lsh.bucketKeys),
      bucketStarts: arrayColumn(lsh.bucketStarts),
      bucketRows: arrayColumn(lsh.bucketRows),
      codes: arrayColumn(lsh.codes),
      biases: arrayColumn(lsh.biases),
    }),
    'sounds.arrow': encodeSounds(sounds, sounds.forms),
    'map.arrow': encodeTable({ x: numberColumn(map.x), y: numberColumn(map.y) }),
    'tree.arrow': encodeTable({
      rotation: arrayColumn(tree.rotation),
      offsets: arrayColumn(tree.offsets),
      centres: arrayColumn(tree.centres),
      codebooks: arrayColumn(tree.codebooks),
      leafStarts: arrayColumn(tree.leafStarts),
      codes: arrayColumn(tree.codes),
      biases: arrayColumn(tree.biases),
      leafRows: arrayColumn(tree.leafRows),
    }),
    'tracks.arrow': encodeTracks(tracks, clusters.assignment),
    'vectors.arrow': encodeTable({ vector: matrixColumn(lsh.vectors, lsh.dimension) }),
  };
  const described = (name: SegmentFile) => describeFile(files[name]);
  const header = headerOf({
    featureVersion,
    rows: tracks.length,
    dimension: lsh.dimension,
    layout,
    scaling,
    aspects: sounds.forms,
    seed,
    clusters: { count: clusters.centres.length / lsh.dimension, inertia: clusters.inertia },
    lsh: { ...lsh.parameters, components: componentsOf(lsh) },
    tree: { ...tree.parameters, components: componentsOf(tree) },
    map: { span: map.span },
    files: {
      'clusters.arrow': described('clusters.arrow'),
      'lsh.arrow': described('lsh.arrow'),
      'sounds.arrow': described('sounds.arrow'),
      'map.arrow': described('map.arrow'),
      'tracks.arrow': described('tracks.arrow'),
      'tree.arrow': described('tree.arrow'),
      'vectors.arrow': described('vectors.arrow'),
    },
  });
  const headerBytes = encodeHeader(header);
  return {
    id: segmentId(headerBytes),
    header,
    files: [
      ...Object.entries(files).map(([name, bytes]) => ({ name, bytes })),
      { name: HEADER_FILE, bytes: headerBytes },
    ],
  };
}

/**
 * Opens a segment and reads all of it. Checked are: the header against the folder's name, which is the segment's id; the
 * length and CRC-32 of each file against the header; the sizes of the arrays.
 *
 * @throws SoundalikeError INDEX_DAMAGED naming the file, INDEX_VERSION
 */
export function openSegment(folder: string): Segment {
  const header = readHeader(folder);
  const names = Object.keys(header.files);
  return decodeSegment(
    header,
    Object.fromEntries(names.map((name) => [name, readSegmentArrow(header, name)])),
  );
}

/** Where a segment's files are, its header read and checked. */
export function readHeader(folder: string): SegmentFolder & { header: SegmentHeader } {
  const id = basename(resolve(folder));
  const bytes = readSegmentFile(folder, id, HEADER_FILE);
  if (segmentId(bytes) !== id) throw damaged(id, HEADER_FILE, 'its content is not that of this id');
  const header = decodeHeader(bytes, id);
  return { folder, id, header, files: header.files };
}

/** @param files By name. @throws SoundalikeError INDEX_DAMAGED naming the file */
export function decodeSegment(
  { id, header }: { id: string; header: SegmentHeader },
  files: Record<string, Uint8Array>,
): Segment {
  const { rows, dimension, layout, scaling } = header;
  const { numHashTables, numHashes } = header.lsh;
  expectSizes(id, HEADER_FILE, [
    [dimensionOf(layout), dimension],
    [scaling.mean.length, dimension],
    [scaling.deviation.length, dimension],
  ]);

  const open = <Value>(name: SegmentFile, decode: (table: Table) => Value): Value => {
    try {
      loadMetadata(files[name]);
      return decode(tableFromIPC(files[name]));
    } catch (error) {
      if (error instanceof SoundalikeError) throw error;
      throw damaged(id, name, messageOf(error));
    }
  };

  const vectors = open('vectors.arrow', (table) => numbersOf(table, 'vector', Float32Array));
  const centres = open('clusters.arrow', (table) => numbersOf(table, 'centre', Float32Array));
  const { numRows, tracks } = open('tracks.arrow', (table) => ({
    numRows: table.numRows,
    tracks: decodeTracks(table),
  }));
  const sounds = open('sounds.arrow', (table) => decodeSounds(table, rows, header.aspects));
  const arrays = open('lsh.arrow', (table) => ({
    directions: numbersOf(table, 'directions', Float32Array),
    shifts: numbersOf(table, 'shifts', Float32Array),
    keySteps: numbersOf(table, 'keySteps', Uint32Array),
    rotation: numbersOf(table, 'rotation', Float32Array),
    offsets: numbersOf(table, 'offsets', Float32Array),
    codebooks: numbersOf(table, 'codebooks', Float32Array),
    tableStarts: numbersOf(table, 'tableStarts', Uint32Array),
    bucketKeys: numbersOf(table, 'bucketKeys', Uint32Array),
    bucketStarts: numbersOf(table, 'bucketStarts', Uint32Array),
    bucketRows: numbersOf(table, 'bucketRows', Uint32Array),
    codes: numbersOf(table, 'codes', Uint8Array),
    biases: numbersOf(table, 'biases', Float32Array),
  }));
  const tree = open('tree.arrow', (table) => ({
    rotation: numbersOf(table, 'rotation', Float32Array),
    offsets: numbersOf(table, 'offsets', Float32Array),
    centres: numbersOf(table, 'centres', Float32Array),
    codebooks: numbersOf(table, 'codebooks', Float32Array),
    leafStarts: numbersOf(table, 'leafStarts', Uint32Array),
    codes: numbersOf(table, 'codes', Uint8Array),
    biases: numbersOf(table, 'biases', Float32Array),
    leafRows: numbersOf(table, 'leafRows', Uint32Array),
  }));
  const map = open('map.arrow', (table) => ({
    x: numbersOf(table, 'x', Float32Array),
    y: numbersOf(table, 'y', Float32Array),
    span: header.map.span,
  }));
  const hashes = numHashTables * numHashes;
  const { components: lshComponents, ...lshParameters } = header.lsh;
  const lshGroups = Math.ceil((numHashTables * rows) / GROUP);
  expectSizes(id, 'vectors.arrow', [[vectors.length, rows * dimension]]);
  expectSizes(id, 'clusters.arrow', [[centres.length, header.clusters.count * dimension]]);
  expectSizes(id, 'tracks.arrow', [[numRows, rows]]);
  expectSizes(id, 'map.arrow', [
    [map.x.length, rows],
    [map.y.length, rows],
  ]);
  expectSizes(id, 'lsh.arrow', [
    [arrays.directions.length, hashes * dimension],
    [arrays.shifts.length, hashes],
    [arrays.keySteps.length, hashes],
    [arrays.rotation.length, lshComponents * dimension],
    [arrays.offsets.length, lshComponents],
    [arrays.codebooks.length, (lshComponents / BLOCK) * BOOK],
    [arrays.tableStarts.length, numHashTables + 1],
    [arrays.bucketStarts.length, arrays.bucketKeys.length + 1],
    [arrays.bucketRows.length, numHashTables * rows],
    [arrays.codes.length, lshGroups * groupBytes(lshComponents)],
    [arrays.biases.length, lshGroups * GROUP],
  ]);
  const { components, ...treeParameters } = header.tree;
  load(tree.leafStarts);
  const groups = tree.leafStarts.at(-1) ?? 0;
  expectSizes(id, 'tree.arrow', [
    [tree.rotation.length, components * 4 * Math.ceil(dimension / 4)],
    [tree.offsets.length, components],
    [tree.centres.length, header.tree.leaves * components],
    [tree.codebooks.length, (components / BLOCK) * BOOK],
    [tree.leafStarts.length, header.tree.leaves + 1],
    [tree.codes.length, groups * groupBytes(components)],
    [tree.biases.length, groups * GROUP],
    [tree.leafRows.length, groups * GROUP],
  ]);
  return {
    id,
    header,
    tracks,
    vectors,
    sounds,
    centres,
    map,
    tree: { dimension, vectors, parameters: treeParameters, ...tree },
    lsh: { dimension, vectors, parameters: lshParameters, ...arrays },
  };
}

/** Pairs of the size found and the size that the header claims. */
function expectSizes(segment: string, file: string, sizes: [found: number, claimed: number][]): void {
  for (const [found, claimed] of sizes) {
    if (found !== claimed) throw damaged(segment, file, `size ${found} where the header says ${claimed}`);
  }
}
