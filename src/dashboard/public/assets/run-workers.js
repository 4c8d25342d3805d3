import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatBytes, formatNumber, formatSpan } from './format.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {RunStatus['workers'][number]} WorkerStatus */

/** Hexadecimal digits of a partition's id that are shown. */
const DIGITS = 8;

/** The workers that were heard of lately, of whatever run. */
export function createWorkers() {
  const section = byId('workers');
  let now = new Date();
  const showWorkers = keyedList(
    part(section, 'rows'),
    (/** @type {WorkerStatus} */ { id }) => id,
    () => createWorkerRow(() => now),
  );
  return (/** @type {RunStatus} */ { workers }, /** @type {Date} */ serverNow) => {
    now = serverNow;
    part(section, 'none').hidden = workers.length > 0;
    part(section, 'table').hidden = workers.length === 0;
    showWorkers(workers);
  };
}

/** @param {() => Date} now */
function createWorkerRow(now) {
  const node = copyTemplate('worker-row');
  return {
    node,
    /** @param {WorkerStatus} worker */
    update({ host, pid, concurrency, cores, busyCores, memory, current, seenAt }) {
      setText(part(node, 'host'), host);
      setText(part(node, 'pid'), String(pid));
      setText(part(node, 'current'), current.map(jobName).join(', ') || 'idle');
      const busy = busyCores === null ? 'unknown' : busyCores.toFixed(1);
      setText(part(node, 'cores'), `${busy} of ${formatNumber(cores)}`);
      setText(part(node, 'memory'), memory === null ? 'unknown' : formatBytes(memory));
      setText(part(node, 'processors'), String(concurrency));
      // The clocks of two machines differ; nobody is heard of in the future.
      const silence = Math.max(0, now().getTime() - Date.parse(seenAt)) / 1_000;
      setText(part(node, 'seen'), `${formatSpan(silence)} ago`);
    },
  };
}

/** @param {WorkerStatus['current'][number]} job */
function jobName({ stage, partition }) {
  return partition === null ? stage : `${stage} ${partition.slice(0, DIGITS)}`;
}
