import type { TrackFailure } from '../store/manifest.ts';
import { PASSING_FAULTS } from './run-control.ts';
import type { FailureGroup } from './run-status.ts';

/** Failures shown of each class. */
const SAMPLES = 5;

const PASSING: ReadonlySet<string> = new Set(PASSING_FAULTS);

/** The failures of a partition by class. */
export function groupFailures(failures: readonly TrackFailure[]): FailureGroup[] {
  return joinGroups(
    failures.map(({ code, track, path, message }) => ({
      ...{ code, count: 1, passing: PASSING.has(code) },
      samples: [{ track, path, message }],
    })),
  );
}

/** One group of each class, the largest first; of their samples the first few. */
export function joinGroups(groups: readonly FailureGroup[]): FailureGroup[] {
  const joined = new Map<string, FailureGroup>();
  for (const { code, count, passing, samples } of groups) {
    const group = joined.get(code) ?? { code, count: 0, passing, samples: [] };
    joined.set(code, group);
    group.count += count;
    if (group.samples.length < SAMPLES)
      group.samples.push(...samples.slice(0, SAMPLES - group.samples.length));
  }
  return [...joined.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}
