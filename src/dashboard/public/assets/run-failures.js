import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatCount, formatNumber } from './format.js';
import { retryOn } from './run-actions.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {RunStatus['failures'][number]} FailureGroup */
/** @typedef {FailureGroup['samples'][number]} FailureSample */

/** The tracks that could not be analysed, by class of error. @param {string} run */
export function createFailures(run) {
  const section = byId('failures');
  const showGroups = keyedList(
    part(section, 'groups'),
    (/** @type {FailureGroup} */ { code }) => code,
    () => createGroupRow(run),
  );
  return (/** @type {RunStatus} */ { failures }) => {
    part(section, 'none').hidden = failures.length > 0;
    showGroups(failures);
  };
}

/** @param {string} run */
function createGroupRow(run) {
  const node = copyTemplate('failure-row');
  /** @type {HTMLButtonElement} */
  const retry = part(node, 'retry');
  let shown = '';
  retryOn(run, retry, () => shown);
  const showSamples = keyedList(
    part(node, 'samples'),
    (/** @type {FailureSample} */ { track }) => track,
    createSampleRow,
  );
  return {
    node,
    /** @param {FailureGroup} group */
    update({ code, count, passing, samples }) {
      shown = code;
      setText(retry, passing ? 'Retry these' : 'Retry these, once their files are mended');
      setText(part(node, 'code'), code);
      setText(part(node, 'count'), formatCount(count, 'track'));
      showSamples(samples);
      const more = count - samples.length;
      setText(part(node, 'more'), more > 0 ? `and ${formatNumber(more)} more` : '');
    },
  };
}

function createSampleRow() {
  const node = copyTemplate('sample-row');
  return {
    node,
    /** @param {FailureSample} sample */
    update({ path, message }) {
      setText(part(node, 'path'), path);
      setText(part(node, 'message'), message);
    },
  };
}
