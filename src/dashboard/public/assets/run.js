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

/** The timeline is asked for once in so many looks: it is long, and changes little from one to the next. */
const TIMELINE_LOOKS = 4;
let looks = 0;
let over = false;

poll(async () => {
  const due = over || looks++ % TIMELINE_LOOKS === 0;
  const [{ body: status, now }, timeline] = await Promise.all([
    ask(address),
    due ? ask(`${address}/timeline`) : null,
  ]);
  // Once more when it is over, to its very end.
  over = isOver(status);
  show(status, now);
  if (timeline) showTimeline(timeline.body);
  return isOver(status) ? CALM : LIVE;
});
