import { type ChildProcess, fork } from 'node:child_process';
import { expect, test } from 'vitest';
import { fuzzCase } from './cases.ts';
import type { FuzzOutcome } from './fuzz-child.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const FIRST = Number(process.env.FUZZ_FIRST ?? 0);
const CASES = Number(process.env.FUZZ_CASES ?? 2000);
const PROCESSES = 2;
/** A case takes some milliseconds; whatever takes this long hangs. */
const CASE_LIMIT_SECONDS = 30;
const CHILD = new URL('./fuzz-child.ts', import.meta.url);

function start(): ChildProcess {
  return fork(CHILD, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** Has the child do one case. A child that did not answer is no more. */
function run(child: ChildProcess, number: number): Promise<FuzzOutcome> {
  return new Promise((resolve) => {
    let complaint = '';
    const settle = (outcome: FuzzOutcome) => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.stderr!.removeAllListeners('data');
      resolve(outcome);
    };
    child.stderr!.on('data', (text) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.on('message', (outcome) => settle(outcome as FuzzOutcome));
    child.on('exit', (code, signal) =>
      settle({ wrong: `the process died (${signal ?? code}): ${complaint}` }),
    );
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle({ wrong: `no end after ${CASE_LIMIT_SECONDS} s` });
    }, CASE_LIMIT_SECONDS * 1000);
    child.send({ seed: SEED, number });
  });
}

test(`${CASES} damaged files, seed ${SEED}: each gives finite statistics or an error of its own`, async () => {
  console.log(`fuzz: seed ${SEED}, cases ${FIRST} to ${FIRST + CASES - 1}`);
  let next = FIRST;
  const endings: Record<string, number> = {};
  const failures: string[] = [];
  const work = async () => {
    let child = start();
    while (next < FIRST + CASES) {
      const number = next++;
      const outcome = await run(child, number);
      if ('ended' in outcome) {
        endings[outcome.ended] = (endings[outcome.ended] ?? 0) + 1;
        continue;
      }
      const { source, mutations } = fuzzCase(SEED, number);
      failures.push(
        `case ${number}, ${source} (${mutations.join(', ')}): ${outcome.wrong}\n` +
          `  again: FUZZ_SEED=${SEED} FUZZ_FIRST=${number} FUZZ_CASES=1 npx vitest run test/fuzz`,
      );
      child.kill('SIGKILL');
      child = start();
    }
    child.disconnect();
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  console.log(`fuzz: ${JSON.stringify(endings)}`);
  expect(failures.join('\n')).toBe('');
  // All of it would pass for a decoder that refuses everything.
  if (CASES >= 100) expect(Object.keys(endings)).toContain('statistics');
}, 3_600_000);
