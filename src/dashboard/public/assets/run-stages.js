import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatDuration, formatNumber, wholePercent } from './format.js';
import { setShare } from './progress.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {RunStatus['stages'][number]} StageStatus */

/** @type {Record<StageStatus['stage'], string>} */
const NAMES = {
  plan: 'Plan',
  extract: 'Extract features',
  documents: 'Write documents',
  index: 'Build the index',
  cluster: 'Cluster',
};

/** The stages of the run with the jobs of each. */
export function createStages() {
  const showStages = keyedList(
    byId('stages'),
    (/** @type {StageStatus} */ { stage }) => stage,
    createStageRow,
  );
  return (/** @type {RunStatus} */ { stages }) => showStages(stages);
}

function createStageRow() {
  const node = copyTemplate('stage-row');
  const progress = /** @type {HTMLElement} */ (node.querySelector('.progress'));
  const queue = part(node, 'queue');
  return {
    node,
    /** @param {StageStatus} status */
    update({ stage, total, done, active, waiting, failed, durations }) {
      // A plan that is not written has no number of jobs yet; its one bar is empty.
      const share = (/** @type {number | null} */ count) => (total ? (count ?? 0) / total : 0);
      setText(part(node, 'name'), NAMES[stage]);
      setShare(part(node, 'done-bar'), share(done));
      setShare(part(node, 'active-bar'), share(active));
      setShare(part(node, 'failed-bar'), share(failed));
      progress.setAttribute('aria-label', NAMES[stage]);
      progress.setAttribute('aria-valuenow', String(wholePercent(share(done))));
      setText(part(node, 'done'), total === null ? '0' : `${formatNumber(done)} of ${formatNumber(total)}`);
      setText(part(node, 'active'), known(active));
      setText(part(node, 'failed'), known(failed));
      setText(part(node, 'left'), known(waiting ?? (total === null ? null : total - done)));
      setText(part(node, 'durations'), durations === null ? 'No job is done yet' : durationWords(durations));
      setText(part(node, 'queue-of'), ` of ${NAMES[stage]}`);
      queue.setAttribute('href', `/queues/queue/${stage}`);
    },
  };
}

/** @param {NonNullable<StageStatus['durations']>} durations */
function durationWords({ count, p50, p90, max }) {
  if (count === 1) return `took ${formatDuration(max)}`;
  return `half within ${formatDuration(p50)}, 90 % within ${formatDuration(p90)}, at most ${formatDuration(max)}`;
}

/** A count the queue alone knows, and the queue may be out of reach. @param {number | null} count */
function known(count) {
  return count === null ? '–' : formatNumber(count);
}
