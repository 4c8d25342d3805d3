import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatSpan } from './format.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {RunStatus['stragglers'][number]} Straggler */

/** Jobs that take more than three times the median of their stage. */
export function createStragglers() {
  const section = byId('stragglers');
  const showRows = keyedList(
    part(section, 'rows'),
    (/** @type {Straggler} */ { stage, partition, worker }) => `${stage} ${partition} ${worker}`,
    createRow,
  );
  return (/** @type {RunStatus} */ { stragglers }) => {
    section.hidden = stragglers.length === 0;
    showRows(stragglers);
  };
}

function createRow() {
  const node = copyTemplate('straggler-row');
  return {
    node,
    /** @param {Straggler} straggler */
    update({ stage, partition, worker, seconds }) {
      setText(part(node, 'what'), `${stage} ${partition ?? ''} for ${formatSpan(seconds)}`);
      const [host, pid] = worker.split(':');
      setText(part(node, 'where'), `${host}, process ${pid}`);
    },
  };
}
