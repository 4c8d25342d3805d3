/** What Python's `repr` writes into a CSV cell, as JSON would hold it. */
export type PythonValue = null | boolean | number | string | PythonValue[] | { [key: string]: PythonValue };

const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_]+/y;
const WORDS: Record<string, PythonValue> = { None: null, True: true, False: false };
/** A run of ordinary characters, or one escape (Python reference, 2.4.1.1; octal has one to three digits). */
const stringPart = (quote: string) =>
  new RegExp(
    `[^${quote}\\\\\\n]+|\\\\(?:[0-7]{1,3}|x[\\da-fA-F]{2}|u[\\da-fA-F]{4}|U[\\da-fA-F]{8}|[^xuUN])`,
    'y',
  );
const STRING_PART = { "'": stringPart("'"), '"': stringPart('"') };
const ESCAPES: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/**
 * Reads a Python literal as `ast.literal_eval` does: lists, dicts, strings, numbers, None, True and False.
 * The keys of a dict become strings. Tuples, sets, bytes and complex numbers are not read.
 *
 * @throws SyntaxError Where the text is no such literal, with the position of the fault.
 */
export function parsePythonLiteral(text: string): PythonValue {
  let at = 0;

  const fault = () => new SyntaxError(`not a Python literal at character ${at + 1}`);
  const skipSpace = () => {
    while (/\s/.test(text.charAt(at))) at++;
  };
  /** Steps over `character`, and white space around it, where it is next. */
  const accept = (character: string): boolean => {
    skipSpace();
    if (text.charAt(at) !== character) return false;
    at++;
    skipSpace();
    return true;
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };

  const readString = (quote: "'" | '"'): string => {
    let value = '';
    at++;
    while (text.charAt(at) !== quote) {
      const part = match(STRING_PART[quote]);
      if (part === null) throw fault();
      value += part.startsWith('\\') ? characterOf(part) : part;
    }
    at++;
    return value;
  };

  const readList = (): PythonValue[] => {
    const list: PythonValue[] = [];
    while (!accept(']')) {
      list.push(readValue());
      if (!accept(',') && text.charAt(at) !== ']') throw fault();
    }
    return list;
  };

  const readDict = (): PythonValue => {
    const entries: [string, PythonValue][] = [];
    while (!accept('}')) {
      const key = readValue();
      if (typeof key === 'object' || !accept(':')) throw fault();
      entries.push([String(key), readValue()]);
      if (!accept(',') && text.charAt(at) !== '}') throw fault();
    }
    return Object.fromEntries(entries);
  };

  const readValue = (): PythonValue => {
    const next = text.charAt(at);
    if (next === "'" || next === '"') return readString(next);
    if (accept('[')) return readList();
    if (accept('{')) return readDict();
    const number = match(NUMBER);
    if (number !== null) return Number(number);
    const word = match(WORD);
    if (word === null || !Object.hasOwn(WORDS, word)) throw fault();
    return WORDS[word];
  };

  skipSpace();
  const value = readValue();
  skipSpace();
  if (at < text.length) throw fault();
  return value;
}

/** The character of one escape. Python keeps the backslash of an escape that it does not know. */
function characterOf(sequence: string): string {
  const rest = sequence.slice(1);
  if (/^[0-7]/.test(rest)) return String.fromCodePoint(Number.parseInt(rest, 8));
  if (/^[xuU]./.test(rest)) {
    const codePoint = Number.parseInt(rest.slice(1), 16);
    if (codePoint > 0x10ffff) throw new SyntaxError(`not a character: ${sequence}`);
    return String.fromCodePoint(codePoint);
  }
  return ESCAPES[rest] ?? sequence;
}
