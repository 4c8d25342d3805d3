import {
  add,
  advance,
  assemble,
  constant,
  instantiate,
  load,
  set,
  store,
  whileBelow,
} from '../src/wasm/assembler.ts';
import { memoryOf, takeRoom } from '../src/wasm/shared-memory.ts';

/** Adds up all vectors from `at` to `end`, 64 bytes a turn, and stores the sum at `result`. */
const sumKernel = assemble(({ parameter, vector }) => {
  const [at, end, result] = [parameter(), parameter(), parameter()];
  const sums = [vector(), vector(), vector(), vector()];
  return [
    ...sums.map((sum) => set(sum, constant(0))),
    whileBelow(at, end, ...sums.map((sum, i) => set(sum, add(sum, load(at, 16 * i)))), advance(at, 64)),
    store(result, add(add(sums[0], sums[1]), add(sums[2], sums[3]))),
  ];
}, true);

/** A function that reads the whole array once: how fast the machine's memory lets a kernel be. */
export function readerOf(values: Float32Array): () => void {
  const memory = memoryOf(values.buffer)!;
  const run = instantiate(sumKernel, memory);
  const result = takeRoom(memory, 16);
  const end = values.byteOffset + (values.byteLength & ~63);
  return () => run(values.byteOffset, end, result);
}
