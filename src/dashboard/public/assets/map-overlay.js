/**
 * Draws lines and marks above the points.
 *
 * @param {HTMLCanvasElement} canvas Its CSS colours are the lines'.
 * @param {(point: number) => [number, number]} screenOf
 * @returns {(shown: {playing: number, neighbours: number[], path: number[], pointed: number}, ratio: number) => void}
 *   Numbers of points; -1 for none.
 */
export function createOverlay(canvas, screenOf) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

  /** @param {number} point @param {number} radius */
  function ring(point, radius) {
    const [x, y] = screenOf(point);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }

  return ({ playing, neighbours, path, pointed }, ratio) => {
    const { accentColor, color } = getComputedStyle(canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.lineJoin = 'round';
    if (playing >= 0) {
      const [x, y] = screenOf(playing);
      context.strokeStyle = accentColor;
      context.lineWidth = 1.2;
      context.globalAlpha = 0.55;
      context.beginPath();
      for (const neighbour of neighbours) {
        context.moveTo(x, y);
        context.lineTo(...screenOf(neighbour));
      }
      context.stroke();
      context.globalAlpha = 1;
      for (const neighbour of neighbours) ring(neighbour, 4.5);
    }
    if (path.length > 1) {
      context.strokeStyle = color;
      context.lineWidth = 2.5;
      context.beginPath();
      for (const point of path) context.lineTo(...screenOf(point));
      context.stroke();
      context.lineWidth = 1.5;
      for (const point of path) ring(point, 5);
    }
    if (pointed >= 0) {
      context.strokeStyle = color;
      context.lineWidth = 1.5;
      ring(pointed, 7);
    }
  };
}
