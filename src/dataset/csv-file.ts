import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { pipeline as finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { messageOf, SoundalikeError } from '../errors.ts';

/** A quote that is never closed must not read a whole file into memory. FMA's longest cells are biographies. */
const MOST_RECORD_BYTES = 8 * 2 ** 20;

/**
 * The records of a CSV file (RFC 4180, UTF-8, with or without a byte order mark), one after another.
 *
 * @throws SoundalikeError METADATA_MALFORMED, with the line, where the file is no CSV or cannot be read.
 */
export async function* csvRecords(file: string): AsyncGenerator<string[]> {
  const parser = parse({ bom: true, skip_empty_lines: true, max_record_size: MOST_RECORD_BYTES });
  // The fault of either stream reaches the loop through the parser.
  pipeline(createReadStream(file), parser, () => {});
  try {
    yield* parser;
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw new SoundalikeError('METADATA_MALFORMED', `${file} cannot be read: ${messageOf(error)}`);
    }
    const line = typeof error.lines === 'number' ? error.lines : 1;
    throw new SoundalikeError(
      'METADATA_MALFORMED',
      `${file}, line ${line}: ${faultOf(error)}; mend the line or save the table as CSV with commas anew`,
    );
  }
}

function faultOf(error: CsvError): string {
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'the row has more or fewer cells than the header';
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return 'a quote is opened and never closed';
    default:
      return 'a quote stands where none may be (inside a quoted cell it is written twice)';
  }
}

/** @returns sha256 of the file's content, in hex. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await finished(createReadStream(file), hash);
  return hash.digest('hex');
}
