/** The part of PFFFT's WebAssembly build that wasm-memory.ts and fft.ts use; the package brings no types. */
declare module '@echogarden/pffft-wasm/simd' {
  interface PffftModule {
    /** A view of the whole heap; replaced by a new view whenever the heap grows. */
    readonly HEAPF32: Float32Array;
    _pffft_new_setup(size: number, transform: number): number;
    _pffft_aligned_malloc(bytes: number): number;
    _pffft_transform_ordered(
      setup: number,
      input: number,
      output: number,
      work: number,
      direction: number,
    ): void;
  }
  /** The options of Emscripten's module loader. */
  interface PffftOptions {
    instantiateWasm(
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ): WebAssembly.Exports;
  }
  export default function PFFFT(options: PffftOptions): Promise<PffftModule>;
}
