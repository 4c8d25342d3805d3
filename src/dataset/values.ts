import { type PythonValue, parsePythonLiteral } from './python-literal.ts';

/** What one cell was made into, and the kind of repair where it was not taken as it is. */
export interface Cleaned<T> {
  value: T;
  repair: string | null;
}

/** Spellings of a missing value: empty, FMA's -1, and what pandas, Python, SQL and mongoexport write for null. */
const MISSING = new Set(['', '-1', 'nan', 'NaN', 'None', 'null', 'NULL', '<NA>', '\\N']);

function isMissing(text: string): boolean {
  return MISSING.has(text);
}

/** A title or name: anything but the empty text counts, since songs are named None, NULL and -1 as well. */
export function cleanName(cell: unknown): Cleaned<string | null> {
  const text = textOf(cell);
  // PostgreSQL cannot keep U+0000, which broken tags hold.
  const value = text.replaceAll('\0', '').trim();
  return { value: value || null, repair: value === text ? null : 'white space stripped' };
}

/** A word of a vocabulary, such as a genre or a license. */
export function cleanLabel(cell: unknown): Cleaned<string | null> {
  const name = cleanName(cell);
  return name.value !== null && isMissing(name.value) ? { value: null, repair: null } : name;
}

/** A number that names a track, zero-padded to six digits; pandas writes `2.0` where a column has gaps. */
export function cleanId(cell: unknown): Cleaned<string | null> {
  const text = textOf(cell).trim();
  if (isMissing(text)) return { value: null, repair: null };
  const digits = /^0*(\d+?)(?:\.0+)?$/.exec(text)?.[1];
  if (digits === undefined) return { value: null, repair: 'id not a number' };
  const value = digits.padStart(6, '0');
  return { value, repair: value === text ? null : 'id padded' };
}

/** A whole number of 0 or more. */
export function cleanCount(cell: unknown): Cleaned<number | null> {
  const text = textOf(cell).trim();
  if (isMissing(text)) return { value: null, repair: null };
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0
    ? { value, repair: null }
    : { value: null, repair: 'number not readable' };
}

const ISO_DATE =
  /^(\d{4})(?:\.0|-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
/** As raw_tracks.csv has it: `11/26/2008 01:48:12 AM`, month first. */
const AMERICAN_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2}):(\d{2}) ([AP])M)?$/;

/** An ISO 8601 date, as exact as the source is: `1999`, `1999-05`, `1999-05-20` or `1999-05-20T13:45:00`. */
export function cleanDate(cell: unknown): Cleaned<string | null> {
  const text = textOf(cell).trim();
  if (isMissing(text)) return { value: null, repair: null };
  const value = isoDate(text);
  if (value === null) return { value, repair: 'date not readable' };
  return { value, repair: value === text ? null : 'date to ISO 8601' };
}

function isoDate(text: string): string | null {
  const american = AMERICAN_DATE.exec(text);
  if (american) {
    const [, month, day, year, hour, minute, second, half] = american;
    const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0);
    const time = hour && `${twoDigits(hours)}:${minute}:${second}`;
    return isoDate(`${year}-${month}-${day}${time ? ` ${time}` : ''}`);
  }
  const iso = ISO_DATE.exec(text);
  if (!iso) return null;
  const [, year, month, day, time, seconds = ':00', zone = ''] = iso;
  const date = [year, month, day]
    .filter((part) => part !== undefined)
    .map(twoDigits)
    .join('-');
  const clock = `${time ?? '00:00'}${seconds}`;
  const written = new Date(`${date.padEnd(10, '-01')}T${clock}Z`);
  // A date that the calendar does not have, such as 31 February, becomes another one.
  const exists = !Number.isNaN(written.getTime()) && written.toISOString().startsWith(date);
  if (!exists || year === '0000') return null;
  // Midnight is what a date without a time of day is written as in a column of date-times.
  return clock === '00:00:00' ? date : `${date}T${clock}${zone}`;
}

function twoDigits(part: string | number): string {
  return String(part).padStart(2, '0');
}

/**
 * A list of words: an array, a Python list (of texts, numbers, or dicts as in raw_tracks.csv), or a text
 * divided by `;`, `|` or `,`. Missing, empty and repeated entries are left out.
 */
export function cleanList(cell: unknown): Cleaned<string[]> {
  if (Array.isArray(cell)) return { value: distinct(cell.map(wordOf)), repair: null };
  const text = textOf(cell).trim();
  if (isMissing(text)) return { value: [], repair: null };
  if (!text.startsWith('[')) return { value: distinct(text.split(/[;|,]/)), repair: null };
  try {
    return { value: distinct((parsePythonLiteral(text) as PythonValue[]).map(wordOf)), repair: null };
  } catch {
    // Cut short or not Python: its words are still of use.
    const words = text.split(/[;|,]/).map((part) => part.replace(/^[\s[('"]+|[\s\])'"]+$/g, ''));
    return { value: distinct(words), repair: 'list repaired' };
  }
}

/** One genre, or a list of them. A text is one genre, whatever it holds: `Folk, World, & Country` is a name. */
export function cleanGenre(cell: unknown): Cleaned<string[]> {
  if (Array.isArray(cell) || textOf(cell).trimStart().startsWith('[')) return cleanList(cell);
  const { value, repair } = cleanLabel(cell);
  return { value: value === null ? [] : [value], repair };
}

function distinct(words: string[]): string[] {
  const names = words.map((word) => cleanLabel(word).value).filter((name) => name !== null);
  return [...new Set(names)];
}

/** The entries of `track_genres` in raw_tracks.csv are dicts with `genre_id` and `genre_title`. */
function wordOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || entry instanceof Date) return textOf(entry);
  const named = entry as Record<string, unknown>;
  return textOf(named.genre_title ?? named.title ?? named.name ?? named.genre_id ?? named.id);
}

/** A document's values may be of any type; what is neither text, number nor date says nothing here. */
function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return String(cell);
  return cell instanceof Date && !Number.isNaN(cell.getTime()) ? cell.toISOString() : '';
}
