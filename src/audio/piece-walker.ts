/** Goes over a file's bytes in order. */
export interface PieceWalker {
  /**
   * @param bytes What is not done yet, and at least `lookahead` of it unless it is the `last`.
   * @returns How many are done; more than there are where some can be skipped.
   */
  walk(bytes: Uint8Array, last: boolean): number;
}

/** Lets a walker see pieces of any length: what it leaves of one comes again in front of the next. */
export function inPieces(walker: PieceWalker): { push(piece: Uint8Array): void; end(): void } {
  let left = new Uint8Array(0);
  let skipped = 0;
  return {
    push(piece) {
      const fresh = piece.subarray(Math.min(skipped, piece.length));
      skipped -= piece.length - fresh.length;
      const bytes = left.length === 0 ? fresh : joined(left, fresh);
      const done = walker.walk(bytes, false);
      left = bytes.slice(done);
      skipped += Math.max(0, done - bytes.length);
    },
    end() {
      walker.walk(left, true);
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
