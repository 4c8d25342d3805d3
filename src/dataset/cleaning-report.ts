import type { CleaningReport } from './track.ts';

export function emptyReport(): CleaningReport {
  return {
    rows: 0,
    files: 0,
    matched: 0,
    filesWithoutRow: 0,
    rowsWithoutFile: 0,
    repaired: {},
    dropped: {},
    sampled: null,
  };
}

/** Adds one to the count of a kind of repair or a reason for leaving something out. */
export function tally(counts: Record<string, number>, kind: string): void {
  counts[kind] = (counts[kind] ?? 0) + 1;
}

/** The report with its counts in the order of their names: files are met in no particular order. */
export function inOrderOfNames(report: CleaningReport): CleaningReport {
  const sorted = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).sort());
  return { ...report, repaired: sorted(report.repaired), dropped: sorted(report.dropped) };
}
