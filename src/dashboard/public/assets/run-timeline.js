import { byId, part, setText } from './dom.js';
import { formatClock, formatCount, formatSpan } from './format.js';

/** @typedef {import('../../../jobs/timeline.ts').Timeline} Timeline */
/** @typedef {Timeline['blocks'][number]} Block */

/** In CSS pixels. */
const LABEL = 20;
const AXIS = 22;
const WIDE = { lane: 12, gap: 3, below: 10 };
/** So that several machines with many processors each are seen together. */
const NARROW = { lane: 4, gap: 1, below: 4 };
const MOST_WIDE_LANES = 40;

/** At least so wide is what went wrong. */
const FAULT = 3;

/** At most so many marks on the axis of time. */
const MARKS = 6;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

/** Who worked on what and when: a row a worker, a lane a processor. */
export function createTimeline() {
  const section = byId('timeline');
  /** @type {HTMLCanvasElement} */
  const canvas = part(section, 'picture');
  const detail = part(section, 'detail');
  // A long list of workers is scrolled by keyboard, too.
  const scroll = /** @type {HTMLElement} */ (canvas.parentElement);
  scroll.tabIndex = 0;
  /** @type {Timeline | null} */
  let shown = null;

  const redraw = () => shown && draw(canvas, shown);
  new ResizeObserver(redraw).observe(scroll);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  canvas.addEventListener('pointermove', (event) => {
    const block = shown && blockAt(canvas, shown, event.offsetX, event.offsetY);
    setText(detail, block && shown ? blockWords(shown, block) : summaryWords(shown));
  });
  canvas.addEventListener('pointerleave', () => setText(detail, summaryWords(shown)));

  return (/** @type {Timeline} */ timeline) => {
    shown = timeline;
    section.hidden = timeline.blocks.length === 0;
    canvas.setAttribute('aria-label', timeline.workers.map(workerWords).join('; '));
    if (!canvas.matches(':hover')) setText(detail, summaryWords(timeline));
    redraw();
  };
}

/** Where the row of each worker begins and where the last ends, and how its lanes lie. @param {Timeline} timeline */
function layoutOf({ workers, blocks }) {
  const lanes = workers.map(() => 1);
  for (const { worker, lane } of blocks) lanes[worker] = Math.max(lanes[worker], lane + 1);
  const form = lanes.reduce((sum, count) => sum + count, 0) > MOST_WIDE_LANES ? NARROW : WIDE;
  let top = AXIS;
  const rows = [...lanes, 0].map((count) => {
    const row = top;
    top += LABEL + count * (form.lane + form.gap) + form.below;
    return row;
  });
  return { rows, ...form };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Timeline} timeline
 */
function draw(canvas, timeline) {
  const layout = layoutOf(timeline);
  const width = /** @type {HTMLElement} */ (canvas.parentElement).clientWidth;
  const height = layout.rows[layout.rows.length - 1];
  const scale = devicePixelRatio;
  // Setting the size clears the canvas, so it is done only where it changes.
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.setProperty('height', `${height}px`);
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const colours = coloursOf(canvas);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.textBaseline = 'middle';

  drawAxis(context, timeline.seconds, width, height, colours);
  context.fillStyle = colours.text;
  timeline.workers.forEach(({ id }, worker) => {
    context.fillText(nameOf(id), 0, layout.rows[worker] + LABEL / 2);
  });
  const fills = {
    done: colours.done,
    'put off': colours.line,
    active: hatch(context, colours.done),
    failed: colours.failed,
    lost: colours.failed,
  };
  for (const block of timeline.blocks) {
    const { x, y, length } = place(block, layout, timeline.seconds, width);
    const other = block.outcome === 'done' && block.stage !== 'extract';
    context.fillStyle = other ? colours.other : fills[block.outcome];
    context.fillRect(x, y, length, layout.lane);
    // A line through it, so that it is not told by colour alone.
    if (isFault(block)) context.clearRect(x, y + layout.lane / 2 - 1, length, layout.lane / 6);
  }
}

/** The colours of the page, as they are in its light or dark. @param {HTMLCanvasElement} canvas */
function coloursOf(canvas) {
  const { color: text, borderTopColor: line } = getComputedStyle(canvas);
  const key = (/** @type {string} */ name) =>
    getComputedStyle(/** @type {Element} */ (document.querySelector(`#timeline .key.${name}`)))
      .backgroundColor;
  return { text, line, done: key('done'), other: key('other'), failed: key('failed') };
}

/** @param {Block} block */
const isFault = ({ outcome }) => outcome === 'failed' || outcome === 'lost';

/**
 * @param {Block} block
 * @param {ReturnType<typeof layoutOf>} layout
 * @param {number} seconds
 * @param {number} width
 */
function place(block, { rows, lane: height, gap }, seconds, width) {
  const { worker, lane, begin, end } = block;
  const unit = seconds > 0 ? width / seconds : 0;
  const least = isFault(block) ? FAULT : 1;
  // One point apart from the next.
  const length = Math.max(least, (end - begin) * unit - 1);
  return {
    x: Math.min(begin * unit, width - least),
    y: rows[worker] + LABEL + lane * (height + gap),
    length,
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} seconds
 * @param {number} width
 * @param {number} bottom
 * @param {ReturnType<typeof coloursOf>} colours
 */
function drawAxis(context, seconds, width, bottom, colours) {
  const step =
    STEPS.find((candidate) => seconds / candidate <= MARKS) ?? 86_400 * Math.ceil(seconds / 86_400 / MARKS);
  for (let mark = 0; mark <= seconds; mark += step) {
    const x = Math.round((mark / seconds) * width) + 0.5;
    context.fillStyle = colours.line;
    context.fillRect(x, AXIS, 1, bottom - AXIS);
    context.fillStyle = colours.other;
    const text = formatClock(mark);
    if (x + context.measureText(text).width < width) context.fillText(text, x, AXIS / 2);
  }
}

/**
 * Told apart by pattern too, not by colour alone.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 */
function hatch(context, colour) {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (context.createPattern(tile, 'repeat'));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Timeline} timeline
 * @param {number} x
 * @param {number} y
 */
function blockAt(canvas, timeline, x, y) {
  const layout = layoutOf(timeline);
  return timeline.blocks.findLast((block) => {
    const at = place(block, layout, timeline.seconds, canvas.clientWidth);
    return x >= at.x - 1 && x <= at.x + at.length + 1 && y >= at.y && y < at.y + layout.lane + layout.gap;
  });
}

/** `host, process 4121`. @param {string} id */
function nameOf(id) {
  const [host, pid] = id.split(':');
  return `${host}, process ${pid}`;
}

/**
 * @param {Timeline} timeline
 * @param {Block} block
 */
function blockWords({ workers }, { worker, stage, begin, end, attempts, outcome }) {
  const what = attempts === 1 ? stage : `${formatCount(attempts, 'job')} of ${stage}`;
  const state = outcome === 'active' ? 'under way' : outcome;
  return `${what} on ${nameOf(workers[worker].id)}: ${state}, from ${formatClock(begin)} to ${formatClock(end)}`;
}

/** @param {Timeline['workers'][number]} worker */
function workerWords({ id, attempts, failed, busySeconds }) {
  const faults = failed > 0 ? `, ${failed} of them failed or lost` : '';
  return `${nameOf(id)}: ${formatCount(attempts, 'job')} in ${formatSpan(busySeconds)}${faults}`;
}

/** @param {Timeline | null} timeline */
function summaryWords(timeline) {
  if (!timeline) return '';
  const attempts = timeline.workers.reduce((sum, worker) => sum + worker.attempts, 0);
  return `${formatCount(attempts, 'job')} by ${formatCount(timeline.workers.length, 'worker')} in ${formatSpan(timeline.seconds)}`;
}
