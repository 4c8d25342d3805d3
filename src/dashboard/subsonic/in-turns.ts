import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items sorted at a stretch: a few milliseconds. */
const STRETCH = 2048;

/**
 * Sorts as `toSorted` does, with other work done in between: runs are sorted, and then merged two by two.
 *
 * @param compare As `Array.sort` takes it.
 */
export async function sortedInTurns<One>(
  items: readonly One[],
  compare: (a: One, b: One) => number,
): Promise<One[]> {
  let runs: One[][] = [];
  for (let start = 0; start < items.length; start += STRETCH) {
    runs.push(items.slice(start, start + STRETCH).sort(compare));
    await nextTurn();
  }
  while (runs.length > 1) {
    const longer: One[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      longer.push(merge(runs[i]!, runs[i + 1] ?? [], compare));
      await nextTurn();
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function merge<One>(a: readonly One[], b: readonly One[], compare: (a: One, b: One) => number): One[] {
  const merged: One[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) merged.push(compare(a[i]!, b[j]!) <= 0 ? a[i++]! : b[j++]!);
  return merged.concat(a.slice(i), b.slice(j));
}

let last: Promise<unknown> = Promise.resolve();

/** Waits for a turn of the event loop that no one else who waits has: for what takes some 10 ms, and is asked for at once. */
export function turnOfOnesOwn(): Promise<unknown> {
  last = last.then(() => nextTurn());
  return last;
}
