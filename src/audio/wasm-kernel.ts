import { assemble, type Code, instantiate, type Variables } from '../wasm/assembler.ts';
import { memory } from './wasm-memory.ts';

export * from '../wasm/assembler.ts';

/**
 * Compiles a kernel on the memory that the descriptors share.
 *
 * @param build Declares the variables, parameters first, and returns the kernel's statements.
 */
export function kernel(build: (variables: Variables) => Code[]): (...parameters: number[]) => void {
  return instantiate(assemble(build, false), memory);
}
