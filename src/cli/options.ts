import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DatasetRequest } from '../dataset/track.ts';

/** A whole number from `least` upwards, as a commander argument parser. */
export function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    }
    return number;
  };
}

export const dataOption = () => new Option('--data <folder>', 'data folder (default: DATA_DIR, else ./data)');

export const jsonOption = () => new Option('--json', 'print JSON on stdout');

export const concurrencyOption = () =>
  new Option(
    '--concurrency <n>',
    'forked processors (default: CONCURRENCY, else the number of cores)',
  ).argParser(wholeNumber(1));

export const portOption = () =>
  new Option(
    '--port <port>',
    'port of the dashboard (default: PORT, else 3000; 0 takes a free one)',
  ).argParser(wholeNumber(0));

export interface SourceOptions {
  metadata?: string;
  sample?: number;
}

/** The source argument and its options, which `run` and `enqueue` share. */
export function addSource(command: Command): Command {
  return command
    .argument(
      '<source>',
      'a folder, an FMA tree, a CSV with a path column, or mongodb://host/database/collection',
    )
    .option(
      '--metadata <file>',
      "metadata CSV: fma_metadata's tracks.csv or raw_tracks.csv, or one with an id or path column",
    )
    .addOption(
      new Option('--sample <n>', 'take a sample of so many tracks, stratified by genre').argParser(
        wholeNumber(1),
      ),
    );
}

/** What is asked for, with absolute paths. */
export function requestOf(source: string, { metadata, sample }: SourceOptions): DatasetRequest {
  return {
    source: /^mongodb(\+srv)?:\/\//.test(source) ? source : resolve(source),
    metadata: metadata === undefined ? null : resolve(metadata),
    sample: sample ?? null,
  };
}
