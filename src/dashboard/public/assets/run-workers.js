import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatBytes, formatCount, formatNumber, formatSpan } from './format.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */
/** @typedef {RunStatus['workers'][number]} WorkerStatus */

/** Hexadecimal digits of a partition's id that are shown. */
const DIGITS = 8;

/** More jobs of a worker are counted, not named: the row would hide what stands behind it. */
const NAMED = 2;

/** The workers that were heard of lately, of whatever run. */
export function createWorkers() {
  const section = byId('workers');
  // It scrolls sideways on a narrow screen, by the arrow keys, too.
  part(section, 'table').tabIndex = 0;
  let now = new Date();
  // A long list is scrolled by keyboard, too.
  part(section, 'table').tabIndex = 0;
  const showWorkers = keyedList(
    part(section, 'rows'),
    (/** @type {WorkerStatus} */ { id }) => id,
    () => createWorkerRow(() => now),
  );
  return (/** @type {RunStatus} */ { workers }, /** @type {Date} */ serverNow) => {
    now = serverNow;
    part(section, 'none').hidden = workers.length > 0;
    part(section, 'table').hidden = workers.length === 0;
    setText(part(section, 'sum'), workers.length > 1 ? sumWords(workers) : '');
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
      setText(part(node, 'current'), workWords(current));
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

/** All of them together. @param {WorkerStatus[]} workers */
function sumWords(workers) {
  const sum = (/** @type {(worker: WorkerStatus) => number} */ value) =>
    workers.reduce((total, worker) => total + value(worker), 0);
  const machines = new Map(workers.map(({ host, cores }) => [host, cores]));
  const cores = [...machines.values()].reduce((total, count) => total + count, 0);
  return [
    `${formatCount(workers.length, 'worker')} on ${formatCount(machines.size, 'machine')}`,
    `${formatCount(
      sum(({ current }) => current.length),
      'job',
    )} under way`,
    `${formatNumber(Math.round(sum(({ busyCores }) => busyCores ?? 0)))} of ${formatCount(cores, 'core')} busy`,
    formatBytes(sum(({ memory }) => memory ?? 0)),
  ].join(' · ');
}

/** What a worker does, in few words. @param {WorkerStatus['current']} jobs */
function workWords(jobs) {
  if (jobs.length === 0) return 'idle';
  if (jobs.length <= NAMED) return jobs.map(jobName).join(', ');
  const stages = [...new Set(jobs.map(({ stage }) => stage))];
  return stages.map((stage) => `${jobs.filter((job) => job.stage === stage).length} × ${stage}`).join(', ');
}

/** @param {WorkerStatus['current'][number]} job */
function jobName({ stage, partition }) {
  return partition === null ? stage : `${stage} ${partition.slice(0, DIGITS)}`;
}
