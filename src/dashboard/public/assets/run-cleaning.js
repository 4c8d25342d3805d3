import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatNumber } from './format.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {NonNullable<RunStatus['cleaning']>} CleaningReport */
/** @typedef {[name: string, value: number]} Pair */

/** What was read, mended and left out before the run began. */
export function createCleaning() {
  const section = byId('cleaning');
  const showPairs = keyedList(part(section, 'pairs'), (/** @type {Pair} */ [name]) => name, createPairRow);
  return (/** @type {RunStatus} */ { cleaning }) => {
    section.hidden = cleaning === null;
    if (cleaning) showPairs(pairsOf(cleaning));
  };
}

/**
 * @param {CleaningReport} report
 * @returns {Pair[]}
 */
function pairsOf({ rows, files, matched, filesWithoutRow, rowsWithoutFile, repaired, dropped, sampled }) {
  return [
    ['Audio files', files],
    ['Metadata rows', rows],
    ['Files with a row', matched],
    ['Files without a row', filesWithoutRow],
    ['Rows without a file', rowsWithoutFile],
    .../** @type {Pair[]} */ (Object.entries(repaired).map(([kind, count]) => [`Mended: ${kind}`, count])),
    .../** @type {Pair[]} */ (
      Object.entries(dropped).map(([reason, count]) => [`Left out: ${reason}`, count])
    ),
    .../** @type {Pair[]} */ (sampled === null ? [] : [['Tracks in the sample', sampled]]),
  ];
}

function createPairRow() {
  const node = copyTemplate('pair-row');
  return {
    node,
    /** @param {Pair} pair */
    update([name, value]) {
      setText(part(node, 'name'), name);
      setText(part(node, 'value'), formatNumber(value));
    },
  };
}
