import type { Response } from 'express';

/** The version of the Subsonic REST protocol that is spoken (subsonic.org/pages/api.jsp). */
const VERSION = '1.16.1';

export interface Element {
  [name: string]: Value | undefined;
}

type Value = string | number | boolean | Element | readonly (string | number | Element)[];

/** How a client wants its answers. */
export type Format = 'xml' | 'json';

/**
 * Answers as Subsonic has it: with status 200, errors too.
 *
 * @param body What the command answers, or its `error`.
 */
export function sendAnswer(response: Response, format: Format, body: Element): void {
  const envelope = {
    status: 'error' in body ? 'failed' : 'ok',
    version: VERSION,
    type: 'soundalike',
    serverVersion: '0.1.0',
    openSubsonic: true,
    ...body,
  };
  response.set('Cache-Control', 'no-store');
  // Without an ETag, which Express would hash the whole of a long answer for: it is not to be stored.
  if (format === 'json') response.type('json').end(JSON.stringify({ 'subsonic-response': envelope }));
  else response.type('application/xml').end(toXml(envelope));
}

/** The same content as the JSON has, in the attribute form of the protocol's XML schema. */
export function toXml(envelope: Element): string {
  const root = { xmlns: 'http://subsonic.org/restapi', ...envelope };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('subsonic-response', root)}\n`;
}

/** Scalars are attributes, but for `value`, which is the text; lists are elements of the same name. */
function element(name: string, content: Element): string {
  let attributes = '';
  let inside = '';
  for (const [key, value] of Object.entries(content)) {
    if (value === undefined) continue;
    if (typeof value !== 'object') {
      if (key === 'value') inside += escapeText(String(value));
      else attributes += ` ${key}="${escapeText(String(value))}"`;
    } else {
      for (const one of isList(value) ? value : [value]) {
        inside += typeof one === 'object' ? element(key, one) : `<${key}>${escapeText(String(one))}</${key}>`;
      }
    }
  }
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

const isList = (value: Element | readonly (string | number | Element)[]) => Array.isArray(value);

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 §2.2 has no way to write, as tags of music files hold it at times. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL = /[\0-\x1f&<>"\ufffe\uffff]|\p{Surrogate}/u;

function escapeText(text: string): string {
  // Most texts hold nothing of the kind, and looking once is faster than looking for each.
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll(UNWRITABLE, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!)
    .replaceAll(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
}
