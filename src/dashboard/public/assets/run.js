import { ask } from './api.js';
import { byId, setText } from './dom.js';
import { CALM, LIVE, poll } from './poll.js';
import { isOver } from './progress.js';
import { createCleaning } from './run-cleaning.js';
import { createFailures } from './run-failures.js';
import { createStages } from './run-stages.js';
import { createSummary } from './run-summary.js';
import { createWorkers } from './run-workers.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

const run = decodeURIComponent(location.pathname.split('/')[2]);
setText(byId('run-id'), run);

const sections = [createSummary(), createStages(), createFailures(), createWorkers(), createCleaning()];

poll(async () => {
  /** @type {{body: RunStatus, now: Date}} */
  const { body: status, now } = await ask(`/runs/${encodeURIComponent(run)}`);
  for (const show of sections) show(status, now);
  byId('status').hidden = false;
  return isOver(status) ? CALM : LIVE;
});
