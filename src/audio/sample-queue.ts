/** Samples that wait to be used, the oldest first. */
export interface SampleQueue {
  /** Room; the first `length` are samples. */
  values: Float32Array;
  length: number;
  /** Place of the oldest in the signal that the samples are of. */
  start: number;
}

/** @param start Place of the first sample; where it lies before the signal, the zeros up to there must be added. */
export function emptyQueue(start: number): SampleQueue {
  return { values: new Float32Array(1 << 14), length: 0, start };
}

export function addSamples(queue: SampleQueue, samples: Float32Array): void {
  const end = makeRoom(queue, samples.length);
  queue.values.set(samples, queue.length);
  queue.length = end;
}

export function addZeros(queue: SampleQueue, count: number): void {
  const end = makeRoom(queue, count);
  queue.values.fill(0, queue.length, end);
  queue.length = end;
}

/** Forgets the oldest `count` samples. */
export function dropSamples(queue: SampleQueue, count: number): void {
  queue.values.copyWithin(0, count, queue.length);
  queue.length -= count;
  queue.start += count;
}

function makeRoom(queue: SampleQueue, count: number): number {
  const end = queue.length + count;
  if (end > queue.values.length) {
    const larger = new Float32Array(Math.max(end, 2 * queue.values.length));
    larger.set(queue.values.subarray(0, queue.length));
    queue.values = larger;
  }
  return end;
}
