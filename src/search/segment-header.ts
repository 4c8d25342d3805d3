import { z } from 'zod';
import { SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { checksumsOf } from '../wasm/file-blocks.ts';
import { ASPECTS } from './aspects.ts';
import { MAXIMUM_HASHES, MAXIMUM_ROWS } from './lsh-index.ts';
import { damaged } from './segment-files.ts';

/** Version of the files and of the header. Raise it with any change that an older program would misread. */
const SEGMENT_VERSION = 9;

export const HEADER_FILE = 'header.json';

/** The Arrow files of a segment. */
const SEGMENT_FILES = [
  'clusters.arrow',
  'lsh.arrow',
  'sounds.arrow',
  'map.arrow',
  'tracks.arrow',
  'tree.arrow',
  'vectors.arrow',
] as const;

export type SegmentFile = (typeof SEGMENT_FILES)[number];

const positive = z.int().positive();
const natural = z.int().nonnegative();

/** Measured when a segment was tuned: the share of the k nearest rows found, as a mean over so many queries. */
const promise = z.object({ recall: z.number(), k: positive, queries: positive });

const layoutSchema = z.array(z.object({ column: z.string(), bands: positive, weight: z.number() }));
const scalingSchema = z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) });

const headerSchema = z.object({
  version: z.literal(SEGMENT_VERSION),
  /** FEATURE_VERSION of the rows; a query must be of the same. */
  featureVersion: z.string(),
  metric: z.literal('euclidean'),
  rows: positive.max(MAXIMUM_ROWS),
  dimension: positive,
  layout: layoutSchema,
  scaling: scalingSchema,
  /** Those that the preset tells. */
  aspects: z.partialRecord(z.enum(ASPECTS), z.object({ layout: layoutSchema, scaling: scalingSchema })),
  seed: z.int(),
  clusters: z.object({ count: positive, inertia: z.number() }),
  lsh: z.object({
    bucketLength: z.number().positive(),
    numHashTables: positive,
    numHashes: positive.max(MAXIMUM_HASHES),
    probes: positive,
    reRank: positive,
    /** Principal components that codes are made of. */
    components: positive.multipleOf(4),
  }),
  tree: z.object({
    leaves: positive,
    reach: z.number().nonnegative(),
    leavesSearched: positive,
    reRank: positive,
    /** Principal components that leaves and codes are made of. */
    components: positive.multipleOf(4),
  }),
  /** As `MapLayout` has it. */
  map: z.object({ span: z.number().positive() }),
  /** What the settings of the methods that were tuned promise. */
  tuned: z.object({ lsh: promise, tree: promise }).partial().optional(),
  files: z.record(
    z.enum(SEGMENT_FILES),
    z.object({
      bytes: natural,
      /** Of each 64 KiB of the file, checked when they are read: a third of the time that sha256 takes. */
      crc32: z.array(z.uint32()),
      /** Makes the segment's id stand for all content. */
      sha256: z.string(),
    }),
  ),
});

/** header.json of a segment. */
export type SegmentHeader = z.infer<typeof headerSchema>;

/** The header of a new segment: of this version and metric, there being no other yet. */
export function headerOf(content: Omit<SegmentHeader, 'version' | 'metric'>): SegmentHeader {
  return { ...content, version: SEGMENT_VERSION, metric: 'euclidean' };
}

/**
 * A header as the bytes of header.json, the same on every machine: keys sorted by code units, numbers in the
 * shortest form that reads back the same (ECMA-262, Number::toString).
 */
export function encodeHeader(header: SegmentHeader): Uint8Array {
  const sortKeys = (_key: string, value: unknown) =>
    value instanceof Object && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return new TextEncoder().encode(`${JSON.stringify(header, sortKeys)}\n`);
}

/**
 * The same segment with another setting of a method: only its header is another.
 *
 * @param setting Parameters of the method, in place of those of the same names.
 */
export function retune(
  header: SegmentHeader,
  method: 'lsh' | 'tree',
  setting: Record<string, number>,
  promised: { recall: number; k: number; queries: number },
): { id: string; files: { name: string; bytes: Uint8Array }[] } {
  const bytes = encodeHeader({
    ...header,
    [method]: { ...header[method], ...setting },
    tuned: { ...header.tuned, [method]: promised },
  });
  return { id: segmentId(bytes), files: [{ name: HEADER_FILE, bytes }] };
}

/** What a header says of a file. */
export function describeFile(bytes: Uint8Array): SegmentHeader['files'][SegmentFile] {
  return { bytes: bytes.length, crc32: checksumsOf(bytes), sha256: sha256(bytes) };
}

/** Id of a segment: the first 16 hex digits of the header's sha256, and so of all its content. */
export function segmentId(header: Uint8Array): string {
  return sha256(header).slice(0, 16);
}

/**
 * @param bytes Of header.json, checked against the segment's id before.
 * @throws SoundalikeError INDEX_VERSION, INDEX_DAMAGED
 */
export function decodeHeader(bytes: Uint8Array, segment: string): SegmentHeader {
  const parsed = parseJson(bytes);
  const version = z.object({ version: z.number() }).safeParse(parsed);
  if (version.success && version.data.version !== SEGMENT_VERSION) {
    throw new SoundalikeError(
      'INDEX_VERSION',
      `segment ${segment} has version ${version.data.version}, this program reads version ${SEGMENT_VERSION}; run the index again`,
    );
  }
  const header = headerSchema.safeParse(parsed);
  if (header.success) return header.data;
  const [{ path, message }] = header.error.issues;
  throw damaged(segment, HEADER_FILE, `${path.join('.')}: ${message}`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
