/**
 * The jobs of a distributed K-Means, step after step. A job's name and those of its results tell the step, the
 * iteration and the part of the tracks:
 *
 * - `survey-<part>` reads the part's shards and keeps its scaled rows;
 * - `start` seeks the first centres on samples of the rows: `centres-0`;
 * - `sums-<i>-<part>` gives the part's rows to their nearest centre and adds them up, cluster by cluster;
 * - `update-<i>` adds up all parts: `centres-<i+1>`, or `final` where the centres stand still or it is the last time;
 * - `measure-<part>`, `statistics`, `score-<part>` are the two passes of the silhouettes, with the sums between them;
 * - `finish` writes what came out.
 */
export interface Step {
  /** Its jobs without a result. */
  lacking: string[];
  /** Whether none of them has one. */
  isNew: boolean;
}

/**
 * The step that a clustering is at: the first with a job that has no result.
 *
 * @param parts Number of parts.
 * @param committed Names of the results.
 */
export function currentStep(parts: number, committed: ReadonlySet<string>): Step {
  const onParts = (step: string): Step | null => {
    const lacking = Array.from({ length: parts }, (_, part) => `${step}-${part}`).filter(
      (name) => !committed.has(name),
    );
    return lacking.length === 0 ? null : { lacking, isNew: lacking.length === parts };
  };
  const alone = (job: string, result: string): Step | null =>
    committed.has(result) ? null : { lacking: [job], isNew: true };

  const iterate = (): Step | null => {
    if (committed.has('final')) return null;
    const i = iterationsBegun(committed) - 1;
    return onParts(`sums-${i}`) ?? { lacking: [`update-${i}`], isNew: true };
  };
  return (
    onParts('survey') ??
    alone('start', 'centres-0') ??
    iterate() ??
    onParts('measure') ??
    alone('statistics', 'statistics') ??
    onParts('score') ?? { lacking: ['finish'], isNew: true }
  );
}

/** How many sets of centres there are. */
export function iterationsBegun(committed: ReadonlySet<string>): number {
  let count = 0;
  while (committed.has(`centres-${count}`)) count++;
  return count;
}

/** Jobs of a clustering; while the iterations go on, as many as there are if it takes all of them. */
export function countJobs(parts: number, iterations: number, committed: ReadonlySet<string>): number {
  const rounds = committed.has('final') ? iterationsBegun(committed) : iterations;
  return 3 * parts + rounds * (parts + 1) + 3;
}
