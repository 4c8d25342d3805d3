const numbers = new Intl.NumberFormat('en');
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** @param {number} value */
export const formatNumber = (value) => numbers.format(value);

/** @param {string} iso */
export const formatDate = (iso) => dates.format(new Date(iso));

/** @param {number} share 0 to 1. Rounded down, so that 100 % is said only of what is complete. */
export const formatPercent = (share) => `${wholePercent(share)} %`;

/** @param {number} share 0 to 1. The small addend undoes binary fractions: 0.29 * 100 is below 29. */
export const wholePercent = (share) => Math.floor(share * 100 + 1e-9);

/** A position in a track: `3:05`, `1:02:09`. @param {number} seconds */
export function formatClock(seconds) {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A time span: `45 s`, `12 min`, `2 h 5 min`, `1,200 h`. @param {number} seconds */
export function formatSpan(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 100 ? `${hours} h ${minutes % 60} min` : `${numbers.format(Math.round(minutes / 60))} h`;
}

/** `1 track`, `2 tracks`. @param {number} count @param {string} noun */
export const formatCount = (count, noun) => `${numbers.format(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A length of time that may be short: `80 ms`, `1.3 s`, `45 s`, `12 min`. @param {number} seconds */
export function formatDuration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatSpan(seconds);
}

/** `640 MB`, `1.3 GB`. @param {number} bytes */
export const formatBytes = (bytes) =>
  bytes < 1e9 ? `${numbers.format(Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** `4.2 MB` of a million bytes each, 0.1 MB at least. @param {number} bytes */
export const formatMegabytes = (bytes) =>
  `${Math.max(bytes / 1e6, 0.1).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
