/** Pixels that a finger or the mouse may slip in a click. */
const SLIP = 5;

/** Of a press of an arrow key, in pixels; of a press of plus, and of a wheel's step. */
const ARROW = 60;
const KEY_ZOOM = 1.5;
const WHEEL_ZOOM = 1.0016;

/** Pixels that a line and a page of a wheel are. */
const WHEEL_UNITS = [1, 16, 400];

/** @typedef {ReturnType<typeof import('./map-camera.js').createCamera>} Camera */

/**
 * Moves a camera by mouse, fingers, wheel and keys.
 *
 * @param {HTMLElement} stage
 * @param {Camera} camera
 * @param {{moved(): void, pointed(x: number, y: number): void, left(): void, pressed(x: number, y: number): void,
 *   entered(): void}} tell `moved` the camera; `pointed` at a place of the stage without a button; `pressed` it;
 *   `entered`: the Enter key.
 */
export function startGestures(stage, camera, tell) {
  /** Where the fingers are. @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let slipped = 0;

  /** @param {MouseEvent} event */
  const placeOf = (event) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const middle = () => {
    const all = [...fingers.values()];
    const x = all.reduce((sum, finger) => sum + finger.x, 0) / all.length;
    const y = all.reduce((sum, finger) => sum + finger.y, 0) / all.length;
    const apart = all.length > 1 ? Math.hypot(all[0].x - all[1].x, all[0].y - all[1].y) : 0;
    return { x, y, apart };
  };

  stage.addEventListener('pointerdown', (event) => {
    // The buttons that lie on the stage are no part of the picture.
    if (event.button !== 0 || /** @type {Element} */ (event.target).closest('button')) return;
    if (fingers.size === 0) slipped = 0;
    fingers.set(event.pointerId, placeOf(event));
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    if (!fingers.has(event.pointerId)) return tell.pointed(place.x, place.y);
    const before = middle();
    fingers.set(event.pointerId, place);
    const now = middle();
    slipped += Math.hypot(now.x - before.x, now.y - before.y) + Math.abs(now.apart - before.apart);
    if (slipped < SLIP) return;
    camera.pan(now.x - before.x, now.y - before.y);
    if (before.apart > 0 && now.apart > 0) camera.zoom(now.apart / before.apart, now.x, now.y);
    tell.moved();
  });
  /** @param {PointerEvent} event */
  const lift = (event) => {
    const wasDown = fingers.delete(event.pointerId);
    if (wasDown && fingers.size === 0 && slipped < SLIP && event.type === 'pointerup') {
      const { x, y } = placeOf(event);
      tell.pressed(x, y);
    }
  };
  stage.addEventListener('pointerup', lift);
  stage.addEventListener('pointercancel', lift);
  stage.addEventListener('pointerleave', tell.left);

  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x, y } = placeOf(event);
      // A pinch on a touchpad comes as a wheel with the control key, in small steps.
      const steps = event.deltaY * WHEEL_UNITS[event.deltaMode] * (event.ctrlKey ? 6 : 1);
      camera.zoom(WHEEL_ZOOM ** -steps, x, y);
      tell.moved();
    },
    { passive: false },
  );

  stage.addEventListener('keydown', (event) => {
    if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => camera.pan(ARROW, 0),
      ArrowRight: () => camera.pan(-ARROW, 0),
      ArrowUp: () => camera.pan(0, ARROW),
      ArrowDown: () => camera.pan(0, -ARROW),
      '+': () => camera.zoom(KEY_ZOOM),
      '=': () => camera.zoom(KEY_ZOOM),
      '-': () => camera.zoom(1 / KEY_ZOOM),
      0: () => camera.fit(),
    };
    if (event.key === 'Enter') tell.entered();
    else if (keys[event.key]) {
      keys[event.key]();
      tell.moved();
    } else return;
    event.preventDefault();
  });
}
