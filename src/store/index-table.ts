import type { OpenIndex } from './open-index.ts';
import { openTable, type RunTable } from './run-table.ts';
import type { ShardRow } from './shard.ts';

/** The live rows of an index by run: for each row of the run, its row in the index. */
export function liveRowsByRun({ list, originOf }: OpenIndex): Map<string, Map<number, number>> {
  const runs = new Map<string, Map<number, number>>();
  for (const at of list.inOrder()) {
    const { run, row } = originOf(at);
    const rows = runs.get(run) ?? new Map<number, number>();
    runs.set(run, rows.set(row, at));
  }
  return runs;
}

/**
 * The rows of the tracks of an index, in the order of ids, read from the runs that they come from.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE; the rows SHARD_DAMAGED
 */
export async function openIndexTable(dataDir: string, index: OpenIndex): Promise<RunTable> {
  const parts: AsyncGenerator<ShardRow>[] = [];
  let common: RunTable['descriptors'] | null = null;
  for (const [run, wanted] of liveRowsByRun(index)) {
    const { descriptors, rows } = await openTable(dataDir, run);
    common = (common ?? descriptors).filter((name) => descriptors.includes(name));
    parts.push(only(rows, wanted));
  }
  return { descriptors: common ?? [], rows: mergeById(parts) };
}

async function* only(
  rows: AsyncGenerator<ShardRow>,
  wanted: ReadonlyMap<number, number>,
): AsyncGenerator<ShardRow> {
  let row = 0;
  for await (const shardRow of rows) if (wanted.has(row++)) yield shardRow;
}

/** Rows that are in the order of ids in each part, in the order of ids over all. */
async function* mergeById(parts: AsyncGenerator<ShardRow>[]): AsyncGenerator<ShardRow> {
  const heads: { row: ShardRow; part: AsyncGenerator<ShardRow> }[] = [];
  const take = async (part: AsyncGenerator<ShardRow>) => {
    const { value, done } = await part.next();
    if (!done) heads.push({ row: value, part });
  };
  for (const part of parts) await take(part);
  while (heads.length > 0) {
    heads.sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
    const [{ row, part }] = heads.splice(0, 1);
    yield row;
    await take(part);
  }
}
