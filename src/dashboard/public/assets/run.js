import { ask } from './api.js';
import { byId, setText } from './dom.js';
import { CALM, LIVE, poll } from './poll.js';
import { isOver } from './progress.js';
import { createActions } from './run-actions.js';
import { createCleaning } from './run-cleaning.js';
import { createFailures } from './run-failures.js';
import { createStages } from './run-stages.js';
import { createStragglers } from './run-stragglers.js';
import { createSummary } from './run-summary.js';
import { createTimeline } from './run-timeline.js';
import { createWorkers } from './run-workers.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

const run = decodeURIComponent(location.pathname.split('/')[2]);
const address = `/runs/${encodeURIComponent(run)}`;
setText(byId('run-id'), run);

const sections = [
  createSummary(),
  createStages(),
  createFailures(run),
  createStragglers(),
  createWorkers(),
  createCleaning(),
  createActions(run, (status) => show(status, new Date())),
];
const showTimeline = createTimeline();

/**
 * @param {RunStatus} status
 * @param {Date} now
 */
function show(status, now) {
  for (const section of sections) section(status, now);
  byId('status').hidden = false;
}

poll(async () => {
  const [{ body: status, now }, timeline] = await Promise.all([ask(address), ask(`${address}/timeline`)]);
  show(status, now);
  showTimeline(timeline.body);
  return isOver(status) ? CALM : LIVE;
});
