/** A value a document can hold; vectors are kept as binary, never as arrays of numbers. */
export type DocumentValue =
  | null
  | boolean
  | number
  | string
  | Float32Array
  | DocumentValue[]
  | { [key: string]: DocumentValue };

export type StoredDocument = { _id: string } & { [key: string]: DocumentValue };

export type CollectionName =
  | 'tracks'
  | 'partitions'
  | 'clusterings'
  | 'clusters'
  | 'workers'
  | 'activity'
  | 'recommendations'
  | 'playlists';

/**
 * The document store, the same on MongoDB and on the embedded database. What is in it can always be rebuilt
 * from the data folder, but for `activity` and `playlists`: what listeners did and made is nowhere else.
 */
export interface Documents {
  /** Inserts or replaces by `_id`, in one batch. */
  upsert(collection: CollectionName, documents: StoredDocument[]): Promise<void>;
  get(collection: CollectionName, id: string): Promise<StoredDocument | null>;
  /** Documents whose named top-level fields equal the given values, in the order of `_id`. */
  find(
    collection: CollectionName,
    equals: Record<string, string | number | boolean>,
    limit?: number,
  ): Promise<StoredDocument[]>;
  /** Documents whose `_id` is `from` or above it and below `to`, by code units, in the order of `_id`. */
  between(collection: CollectionName, from: string, to: string): Promise<StoredDocument[]>;
  count(collection: CollectionName, equals: Record<string, string | number | boolean>): Promise<number>;
  remove(collection: CollectionName, ids: string[]): Promise<void>;
  close(): Promise<void>;
}
