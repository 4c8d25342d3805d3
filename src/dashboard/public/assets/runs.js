import { ask } from './api.js';
import { countdown } from './calm.js';
import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatCount, formatDate, formatNumber, formatPercent, formatSpan } from './format.js';
import { CALM, LIVE, poll } from './poll.js';
import { isOver, isUnderWay, setProgress, setState } from './progress.js';

/** @typedef {import('./api.js').RunSummary} RunSummary */

const showRuns = keyedList(byId('runs'), (/** @type {RunSummary} */ { run }) => run, createRunRow);

poll(async () => {
  /** @type {{body: {runs: RunSummary[]}}} */
  const { body } = await ask('/runs');
  showRuns(body.runs);
  byId('empty').hidden = body.runs.length > 0;
  return body.runs.every(isOver) ? CALM : LIVE;
});

function createRunRow() {
  const node = copyTemplate('run-row');
  const left = countdown();
  return {
    node,
    /** @param {RunSummary} summary */
    update(summary) {
      const { run, source, state, createdAt, progress } = summary;
      part(node, 'link').setAttribute('href', `/runs/${encodeURIComponent(run)}`);
      setText(part(node, 'source'), source);
      setState(part(node, 'state'), state);
      setProgress(part(node, 'done'), progress);
      setText(part(node, 'progress'), progressWords(summary));
      setText(part(node, 'left'), leftWords(summary, left(isUnderWay(summary) ? summary.secondsLeft : null)));
      setText(part(node, 'created'), formatDate(createdAt));
      setText(part(node, 'run'), run);
    },
  };
}

/** @param {RunSummary} summary */
function progressWords({ progress, tracks: { planned, analysed, failed } }) {
  if (planned === null) return 'not planned yet';
  const share = progress < 1 ? `${formatPercent(progress)} of the audio, ` : '';
  return `${share}${formatNumber(analysed)} of ${formatCount(planned, 'track')}, ${formatNumber(failed)} failed`;
}

/**
 * @param {RunSummary} summary
 * @param {number | null} seconds
 */
function leftWords({ state, reason }, seconds) {
  if (state === 'failed') return reason ?? '';
  return seconds === null || seconds === 0 ? '' : `${formatSpan(seconds)} left`;
}
