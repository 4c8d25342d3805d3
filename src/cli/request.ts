import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { featureVersionOf } from '../audio/analysis-settings.ts';
import { PRESETS } from '../audio/descriptors.ts';
import { type Config, readConfig } from '../config.ts';
import type { DatasetRequest } from '../dataset/track.ts';
import { identifyRun } from '../jobs/coordinator.ts';
import type { RunSettings } from '../store/plan.ts';
import { readMongoCollection } from '../store/read-mongo-collection.ts';
import type { RunRequest } from '../store/run-request.ts';
import { ffmpegVersion } from '../workers/ffmpeg-version.ts';
import { dataOption, jsonOption, wholeNumber } from './options.ts';

export interface RequestOptions {
  data?: string;
  preset?: string;
  window?: string;
  decoder?: string;
  metadata?: string;
  sample?: number;
}

/** The source argument, and the options of a request, which `run` and `enqueue` share. */
export function addRequest(command: Command): Command {
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
    )
    .addOption(
      new Option('--preset <name>', 'descriptors (default: PRESET, else default)').choices(
        Object.keys(PRESETS),
      ),
    )
    .option('--window <window>', 'full, or middle:<seconds> of long tracks (default: WINDOW, else full)')
    .addOption(
      new Option('--decoder <name>', 'who decodes the files (default: DECODER, else wasm)').choices([
        'wasm',
        'ffmpeg',
      ]),
    )
    .addOption(dataOption())
    .addOption(jsonOption());
}

/** What is asked for, with absolute paths. */
function requestOf(source: string, { metadata, sample }: RequestOptions): DatasetRequest {
  return {
    source: /^mongodb(\+srv)?:\/\//.test(source) ? source : resolve(source),
    metadata: metadata === undefined ? null : resolve(metadata),
    sample: sample ?? null,
  };
}

/** How its tracks are to be analysed. */
async function settingsOf({ PRESET, WINDOW, DECODER, MAX_TRACK_SECONDS }: Config): Promise<RunSettings> {
  const window = WINDOW === 'full' ? null : Number(WINDOW.slice('middle:'.length));
  const ffmpeg = DECODER === 'ffmpeg' ? await ffmpegVersion() : null;
  return {
    featureVersion: featureVersionOf({ preset: PRESET, window, ffmpeg }),
    maximumSeconds: MAX_TRACK_SECONDS,
  };
}

/**
 * The run that a command line asks for, and the settings to do it with.
 *
 * @param flags Other settings that the command line gives.
 * @throws SoundalikeError CONFIG_INVALID, DECODER_UNUSABLE, SOURCE_…, METADATA_…
 */
export async function runAskedFor(
  source: string,
  options: RequestOptions,
  flags: Partial<Record<keyof Config, unknown>> = {},
): Promise<{ config: Config; accepted: RunRequest }> {
  const { data: DATA_DIR, preset: PRESET, window: WINDOW, decoder: DECODER } = options;
  const config = readConfig(process.env, { DATA_DIR, PRESET, WINDOW, DECODER, ...flags });
  const readers = { readCollection: readMongoCollection };
  const settings = await settingsOf(config);
  return { config, accepted: await identifyRun(requestOf(source, options), settings, readers) };
}
