import { ask } from './api.js';
import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatCount, formatDate, formatNumber } from './format.js';
import { CALM, LIVE, poll } from './poll.js';
import { isOver, setProgress, setState } from './progress.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

const showRuns = keyedList(byId('runs'), (/** @type {RunStatus} */ { run }) => run, createRunRow);

poll(async () => {
  /** @type {{body: {runs: RunStatus[]}}} */
  const { body } = await ask('/runs');
  showRuns(body.runs);
  byId('empty').hidden = body.runs.length > 0;
  return body.runs.every(isOver) ? CALM : LIVE;
});

function createRunRow() {
  const node = copyTemplate('run-row');
  return {
    node,
    /** @param {RunStatus} status */
    update({ run, source, state, createdAt, progress, tracks }) {
      part(node, 'link').setAttribute('href', `/runs/${encodeURIComponent(run)}`);
      setText(part(node, 'source'), source);
      setState(part(node, 'state'), state);
      setProgress(part(node, 'done'), progress);
      setText(
        part(node, 'tracks'),
        tracks.planned === null
          ? 'not planned yet'
          : `${formatNumber(tracks.analysed)} of ${formatCount(tracks.planned, 'track')}, ${formatNumber(tracks.failed)} failed`,
      );
      setText(part(node, 'created'), formatDate(createdAt));
      setText(part(node, 'run'), run);
    },
  };
}
