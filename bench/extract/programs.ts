import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { medianOf } from './median-of.ts';

const run = promisify(execFile);
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A program that analyses the files that are added to its arguments. */
export interface Program {
  command: string;
  arguments: string[];
}

/** What each program prints. */
interface Measured {
  clips: number;
  /** Of processor time. */
  seconds: number;
  /** Peak memory of the process. */
  megabytes: number;
}

export interface Throughput {
  clipsPerMinute: number;
  millisecondsPerClip: number;
  megabytes: number;
}

/** The built program. @param preset Name of a preset of ours. */
export function ourselves(preset: string): Program {
  return {
    command: process.execPath,
    arguments: [path('../extract-clips.mjs'), preset],
  };
}

/** librosa 0.11 and bliss-rs 0.13; cargo builds the latter in its own folder for build products. */
export async function peers(python: string, targetFolder: string): Promise<Record<string, Program>> {
  const librosa = (set: string) => ({
    command: python,
    arguments: [path('../peers/librosa_features.py'), set],
  });
  const manifest = path('../peers/bliss/Cargo.toml');
  const options = ['--manifest-path', manifest, '--target-dir', targetFolder, '--release', '--locked'];
  const bliss = await run('cargo', ['build', '--quiet', ...options]).then(
    () => ({ 'bliss-rs': { command: `${targetFolder}/release/bliss-peer`, arguments: [] } }),
    (error: Error) => {
      console.error(`bliss-rs is left out: ${error.message.split('\n')[0]}`);
      return {};
    },
  );
  return { 'librosa fma': librosa('fma'), 'librosa minimal': librosa('minimal'), ...bliss };
}

/** Round by round one program after the other, so that what else the machine does meets them all; medians. */
export async function compare<Name extends string>(
  programs: Record<Name, Program>,
  files: string[],
  rounds: number,
): Promise<Record<Name, Throughput>> {
  const entries = Object.entries<Program>(programs);
  const measured = new Map<string, Measured[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of entries) measured.get(name)!.push(await analyse(program, files));
  }
  const results = Array.from(measured, ([name, all]) => {
    const milliseconds = medianOf(all.map(({ seconds, clips }) => (1000 * seconds) / clips));
    return [
      name,
      {
        clipsPerMinute: Math.round(60_000 / milliseconds),
        millisecondsPerClip: Number(milliseconds.toFixed(1)),
        megabytes: medianOf(all.map(({ megabytes }) => megabytes)),
      },
    ];
  });
  return Object.fromEntries(results);
}

/** How many times the clips of one process two at once get through, by the clock: 2 is the best of two cores. */
export async function twoAgainstOne(program: Program, files: string[], rounds: number): Promise<number> {
  const seconds = async (processes: number) => {
    const start = performance.now();
    await Promise.all(Array.from({ length: processes }, () => analyse(program, files)));
    return performance.now() - start;
  };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await seconds(1);
    ratios.push((2 * one) / (await seconds(2)));
  }
  return Number(medianOf(ratios).toFixed(2));
}

/** Every library that may use threads gets one. */
async function analyse(program: Program, files: string[]): Promise<Measured> {
  const oneThread = {
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    NUMBA_NUM_THREADS: '1',
  };
  const { stdout } = await run(program.command, [...program.arguments, ...files], {
    env: { ...process.env, ...oneThread },
  });
  return JSON.parse(stdout);
}
