import { ApiError, ask } from './api.js';
import { byId, part, setText } from './dom.js';
import { formatCount } from './format.js';
import { createCamera } from './map-camera.js';
import { startGestures } from './map-gestures.js';
import { createGrid } from './map-grid.js';
import { groupPoints } from './map-groups.js';
import { createLegend } from './map-legend.js';
import { createOverlay } from './map-overlay.js';
import { channels, onScheme, palette } from './map-palette.js';
import { decodePoints } from './map-points.js';
import { createRenderer } from './map-renderer.js';
import { createTooltip } from './map-tooltip.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./map-points.js').MapPoints} MapPoints */

/** Neighbours that lines are drawn to. */
const NEIGHBOURS = 12;

/** Pixels around the mouse, and around a finger or the middle, within which a point counts as meant. */
const REACH = 14;

/** Of a point's colour: dense places stay readable. */
const OPACITY = 200;

/**
 * The view of the map. It asks for the points when it is shown for the first time.
 *
 * @param {(track: CollectionTrack) => void} play
 * @returns {{follow(track: CollectionTrack | null): void, drawPath(ids: readonly string[]): void}} `follow` marks the
 *   track that plays and its neighbours; `drawPath` draws a line through tracks, none where there is no id.
 */
export function createMapView(play) {
  const section = byId('map');
  const stage = part(section, 'stage');
  /** @type {HTMLCanvasElement} */
  const canvas = part(stage, 'points');
  /** @type {HTMLCanvasElement} */
  const above = part(stage, 'above');
  const mark = part(stage, 'playing');
  const message = part(section, 'message');
  const camera = createCamera();
  /** @type {{draw(): void, follow(): void} | null} */
  let shown = null;
  let isAsked = false;
  /** @type {CollectionTrack | null} */
  let playing = null;
  /** @type {readonly string[]} */
  let path = [];

  /** @param {string} text */
  function say(text) {
    setText(message, text);
    message.hidden = text === '';
    stage.hidden = text !== '';
  }

  async function load() {
    try {
      const response = await fetch('/api/map/points');
      // An error is JSON: `ask` tells it, or leads to the login.
      if (!response.ok) await ask('/map/points');
      const map = decodePoints(await response.arrayBuffer());
      const renderer = createRenderer(canvas, map.places);
      if (!renderer) {
        say('The map needs WebGL 2, which this browser does not offer. The library lists the same tracks.');
        return;
      }
      setText(part(section, 'count'), formatCount(map.count, 'track'));
      shown = show(map, renderer);
      stage.tabIndex = 0;
      shown.follow();
    } catch (error) {
      isAsked = false;
      setText(message, error instanceof ApiError ? error.message : 'The map cannot be shown.');
      message.hidden = false;
    }
  }

  /**
   * @param {MapPoints} map
   * @param {import('./map-renderer.js').Renderer} renderer
   */
  function show(map, renderer) {
    const near = createGrid(map.places);
    const colours = new Uint8Array(4 * map.count);
    const pictureOf = (/** @type {number} */ point) =>
      /** @type {[number, number]} */ ([map.places[2 * point] / 65535, map.places[2 * point + 1] / 65535]);
    const screenOf = (/** @type {number} */ point) => camera.toScreen(...pictureOf(point));
    const drawAbove = createOverlay(above, screenOf);
    const tooltip = createTooltip(part(stage, 'tooltip'), play);
    const mapped = (/** @type {readonly string[]} */ ids) => ids.flatMap((id) => map.pointOf(id) ?? []);
    /** @type {number[]} */
    let neighbours = [];
    let pointed = -1;
    let frame = 0;
    let asked = new AbortController();

    const legend = createLegend(section, (by) => groupPoints(map, by), recolour);
    onScheme(() => {
      legend.refresh();
      recolour();
    });

    function recolour() {
      const { groupOf, isHidden } = legend.state();
      const values = palette().map(channels);
      for (let point = 0; point < groupOf.length; point++) {
        const group = groupOf[point];
        const [red, green, blue] = values[group];
        colours[4 * point] = red;
        colours[4 * point + 1] = green;
        colours[4 * point + 2] = blue;
        colours[4 * point + 3] = isHidden[group] ? 0 : OPACITY;
      }
      renderer.paint(colours);
      draw();
    }

    // At most once a frame of the screen, and never while nothing changes.
    function draw() {
      if (frame === 0) frame = requestAnimationFrame(drawNow);
    }

    function drawNow() {
      frame = 0;
      const view = camera.view();
      const ratio = devicePixelRatio;
      renderer.draw(view, pointSize(map.count, camera.magnification()), ratio);
      const at = playing ? (map.pointOf(playing.id) ?? -1) : -1;
      drawAbove({ playing: at, neighbours, path: mapped(path), pointed }, ratio);
      mark.hidden = at < 0;
      if (at >= 0) mark.style.transform = translation(screenOf(at));
      if (pointed >= 0) tooltip.moveTo(screenOf(pointed), view.width);
    }

    /** @param {number} point */
    function pointAt(point) {
      if (point === pointed) return;
      pointed = point;
      tooltip.show(point < 0 ? null : map.idOf(point));
      stage.style.cursor = point < 0 ? '' : 'pointer';
      draw();
    }

    /** @param {number} x @param {number} y */
    function pointNear(x, y) {
      const { groupOf, isHidden } = legend.state();
      return near(
        ...camera.toPicture(x, y),
        REACH / camera.view().scale,
        (point) => !isHidden[groupOf[point]],
      );
    }
    const pointInMiddle = () => pointNear(camera.view().width / 2, camera.view().height / 2);

    startGestures(stage, camera, {
      moved() {
        if (document.activeElement === stage && stage.matches(':focus-visible')) pointAt(pointInMiddle());
        draw();
      },
      pointed: (x, y) => pointAt(pointNear(x, y)),
      left: () => pointAt(-1),
      pressed(x, y) {
        const point = pointNear(x, y);
        pointAt(point);
        if (point >= 0) tooltip.play();
      },
      entered() {
        pointAt(pointInMiddle());
        tooltip.play();
      },
    });
    for (const [name, move] of /** @type {const} */ ([
      ['closer', () => camera.zoom(1.8)],
      ['farther', () => camera.zoom(1 / 1.8)],
      ['whole', () => camera.fit()],
    ])) {
      part(stage, name).addEventListener('click', () => {
        move();
        draw();
      });
    }
    recolour();

    return {
      draw,
      async follow() {
        asked.abort();
        asked = new AbortController();
        const { signal } = asked;
        neighbours = [];
        draw();
        if (!playing || map.pointOf(playing.id) === undefined) return;
        try {
          /** @type {{body: {results: CollectionTrack[]}}} */
          const { body } = await ask(`/tracks/${encodeURIComponent(playing.id)}/similar?k=${NEIGHBOURS}`, {
            signal,
          });
          neighbours = mapped(body.results.map(({ id }) => id));
          draw();
        } catch {
          // The list of neighbours tells what is wrong; here they are only missing.
        }
      },
    };
  }

  new ResizeObserver(([{ contentRect }]) => {
    const { width, height } = contentRect;
    if (width === 0) return;
    for (const surface of [canvas, above]) {
      surface.width = Math.round(width * devicePixelRatio);
      surface.height = Math.round(height * devicePixelRatio);
    }
    camera.resize(width, height);
    shown?.draw();
    if (isAsked) return;
    isAsked = true;
    load();
  }).observe(stage);

  return {
    follow(track) {
      if (track?.id === playing?.id) return;
      playing = track;
      shown?.follow();
    },
    drawPath(ids) {
      path = ids;
      shown?.draw();
    },
  };
}

/** @param {[number, number]} place */
const translation = ([x, y]) => `translate(${x}px, ${y}px)`;

/**
 * The diameter of a point in CSS pixels: the fewer there are and the closer one looks, the larger.
 *
 * @param {number} points
 * @param {number} magnification
 */
function pointSize(points, magnification) {
  const whole = Math.min(10, Math.max(2, 200 / Math.sqrt(points)));
  return Math.min(16, whole * Math.sqrt(magnification));
}
