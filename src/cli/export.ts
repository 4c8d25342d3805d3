import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import { SoundalikeError } from '../errors.ts';
import { exportCsv, exportParquet } from '../store/export.ts';
import { exportFmaCsv } from '../store/fma-csv.ts';
import { openIndexTable } from '../store/index-table.ts';
import { openIndex } from '../store/open-index.ts';
import { dataOption } from './options.ts';

/** By the name of the format: what gives a table as text or bytes, part by part. */
const FORMATS = { csv: exportCsv, parquet: exportParquet, 'fma-csv': exportFmaCsv };

interface ExportOptions {
  format: keyof typeof FORMATS;
  out?: string;
  data?: string;
}

const EXAMPLES = `
Examples:
  soundalike export --format csv > features.csv
  soundalike export --format parquet --out features.parquet
  soundalike export --format fma-csv --out features.csv     # as in fma_metadata; of a run with --preset fma`;

export function exportCommand(): Command {
  return new Command('export')
    .addOption(
      new Option('--format <format>', 'format of the table')
        .choices(Object.keys(FORMATS))
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'file to write (default: stdout; needed for parquet)')
    .addOption(dataOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ format, out, data }: ExportOptions) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: data });
      if (format === 'parquet' && out === undefined) {
        throw new SoundalikeError('USAGE', 'Parquet is a binary format: name the file to write with --out');
      }
      const rows = await openIndexTable(DATA_DIR, await openIndex(DATA_DIR));
      const table = Readable.from(FORMATS[format](rows));
      if (out === undefined) {
        await pipeline(table, process.stdout, { end: false });
        return;
      }
      // A name of its own until it is whole, so that nobody takes half a table for one.
      const temporary = `${resolve(out)}.${process.pid}.tmp`;
      try {
        await pipeline(table, createWriteStream(temporary));
        await rename(temporary, resolve(out));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      process.stderr.write(`${out} is written\n`);
    });
}
