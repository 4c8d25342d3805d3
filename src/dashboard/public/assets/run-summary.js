import { byId, part, setText } from './dom.js';
import { formatDate, formatNumber, formatPercent, formatSpan } from './format.js';
import { isOver, setProgress, setState } from './progress.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

/** The head of the Run page: what, how far, how fast, until when. */
export function createSummary() {
  const section = byId('summary');

  return (/** @type {RunStatus} */ status) => {
    const { source, state, createdAt, reason, progress, tracks, tracksPerMinute } = status;
    document.title = `${state === 'extracting' ? formatPercent(progress) : state} · ${source} · soundalike`;
    setText(part(section, 'source'), source);
    setState(part(section, 'state'), state);
    setText(part(section, 'created'), formatDate(createdAt));
    setText(part(section, 'reason'), reason ?? '');
    part(section, 'reason').hidden = reason === null;
    setText(part(section, 'percent'), formatPercent(progress));
    setProgress(part(section, 'done'), progress);
    setText(part(section, 'analysed'), ofPlanned(tracks));
    setText(part(section, 'failed'), formatNumber(tracks.failed));
    setText(part(section, 'rate'), tracksPerMinute === null ? 'unknown' : formatRate(tracksPerMinute));
    setText(part(section, 'left'), timeLeft(status));
  };
}

/** @param {RunStatus['tracks']} tracks */
function ofPlanned({ analysed, planned }) {
  return planned === null ? formatNumber(analysed) : `${formatNumber(analysed)} of ${formatNumber(planned)}`;
}

/** @param {number} perMinute */
function formatRate(perMinute) {
  return perMinute < 10 ? perMinute.toFixed(1) : formatNumber(Math.round(perMinute));
}

/** @param {RunStatus} status */
function timeLeft(status) {
  if (isOver(status)) return 'none';
  return status.secondsLeft === null ? 'unknown' : formatSpan(status.secondsLeft);
}
