import { countdown, smoothed } from './calm.js';
import { byId, part, setText } from './dom.js';
import { formatDate, formatNumber, formatPercent, formatSpan } from './format.js';
import { isOver, isUnderWay, setProgress, setState } from './progress.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

/** The head of the Run page: what, how far, how fast, until when. */
export function createSummary() {
  const section = byId('summary');
  const rate = smoothed();
  const left = countdown();

  return (/** @type {RunStatus} */ status, /** @type {Date} */ now) => {
    const { source, state, createdAt, reason, progress, tracks, tracksPerMinute, workers } = status;
    document.title = `${state === 'extracting' ? formatPercent(progress) : state} · ${source} · soundalike`;
    setText(part(section, 'source'), source);
    setState(part(section, 'state'), state);
    setText(part(section, 'created'), formatDate(createdAt));
    const age = Math.max(0, now.getTime() - Date.parse(createdAt)) / 1_000;
    setText(part(section, 'age'), isUnderWay(status) ? `, ${formatSpan(age)} ago` : '');
    setText(part(section, 'reason'), reason ?? '');
    part(section, 'reason').hidden = reason === null;
    part(section, 'idle').hidden = !isUnderWay(status) || workers.length > 0;
    setText(part(section, 'percent'), formatPercent(progress));
    setText(part(section, 'audio'), audioWords(status));
    setProgress(part(section, 'done'), progress);
    setText(part(section, 'analysed'), ofPlanned(tracks));
    setText(part(section, 'failed'), formatNumber(tracks.failed));
    const perMinute = rate(tracksPerMinute);
    setText(part(section, 'rate'), perMinute === null ? 'unknown' : formatRate(perMinute));
    setText(part(section, 'left'), timeLeft(status, left(isUnderWay(status) ? status.secondsLeft : null)));
  };
}

/** Says of what the share is, and what of it is not known but estimated. @param {RunStatus} status */
function audioWords({ audio: { analysedSeconds, totalSeconds, estimated }, audioPerSecond }) {
  if (totalSeconds === null) return 'of the audio analysed, by bytes';
  const speed = audioPerSecond === null ? '' : `, ${formatNumber(Math.round(audioPerSecond))} × real time`;
  const total = estimated
    ? `of about ${formatSpan(totalSeconds)} of audio (what is left by its bytes)`
    : 'of audio';
  return `${formatSpan(analysedSeconds)} ${total}${estimated ? speed : ''}`;
}

/** @param {RunStatus['tracks']} tracks */
function ofPlanned({ analysed, planned }) {
  return planned === null ? formatNumber(analysed) : `${formatNumber(analysed)} of ${formatNumber(planned)}`;
}

/** Two digits: more would never stand still. @param {number} perMinute */
function formatRate(perMinute) {
  return perMinute < 10 ? perMinute.toFixed(1) : formatNumber(Number(perMinute.toPrecision(2)));
}

/**
 * @param {RunStatus} status
 * @param {number | null} seconds
 */
function timeLeft(status, seconds) {
  if (isOver(status)) return 'none';
  if (!isUnderWay(status)) return status.state;
  return seconds === null ? 'unknown' : formatSpan(seconds);
}
