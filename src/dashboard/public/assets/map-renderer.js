/** Places come as 0 to 1; a point without opacity is left out by putting it where nothing is drawn. */
const VERTEX = `#version 300 es
in vec2 place;
in vec4 colour;
uniform vec2 middle;
uniform vec2 stretch;
uniform float size;
out vec4 tint;
void main() {
  vec2 at = (place - middle) * stretch;
  gl_Position = colour.a > 0.0 ? vec4(at.x, -at.y, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
  gl_PointSize = size;
  tint = colour;
}`;

/** A disc with a soft edge of a pixel; its colour is multiplied by its opacity, as the page expects. */
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 tint;
uniform float size;
out vec4 pixel;
void main() {
  float distance = length(gl_PointCoord - 0.5) * size;
  float opacity = tint.a * clamp(size / 2.0 - distance, 0.0, 1.0);
  pixel = vec4(tint.rgb * opacity, opacity);
}`;

/**
 * @typedef {object} Renderer
 * @property {(colours: Uint8Array<ArrayBuffer>) => void} paint Red, green, blue and opacity of each point.
 * @property {(view: {x: number, y: number, scale: number, width: number, height: number}, size: number, ratio: number) => void}
 *   draw What the camera sees, points of so many CSS pixels, on a screen with `ratio` pixels for one of these.
 */

/**
 * Draws points by WebGL 2: one buffer of places that never changes, one of colours.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint16Array<ArrayBuffer>} places x and y of each point in 65535ths.
 * @returns {Renderer | null} Null where the browser has no WebGL 2.
 */
export function createRenderer(canvas, places) {
  const context = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false });
  if (!context) return null;
  const gl = context;
  let painted = new Uint8Array(2 * places.length);
  let prepared = prepare(gl, places, painted);
  // A driver that was restarted has lost everything.
  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => {
    prepared = prepare(gl, places, painted);
  });
  return {
    paint(colours) {
      painted = colours;
      gl.bindBuffer(gl.ARRAY_BUFFER, prepared.colours);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, colours);
    },
    draw({ x, y, scale, width, height }, size, ratio) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(prepared.middle, x, y);
      gl.uniform2f(prepared.stretch, (2 * scale) / width, (2 * scale) / height);
      gl.uniform1f(prepared.size, size * ratio);
      gl.drawArrays(gl.POINTS, 0, places.length / 2);
    },
  };
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {Uint16Array<ArrayBuffer>} places
 * @param {Uint8Array<ArrayBuffer>} painted
 */
function prepare(gl, places, painted) {
  const program = gl.createProgram();
  for (const [type, source] of /** @type {const} */ ([
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ])) {
    const shader = gl.createShader(type);
    // Null where the context is lost; the event that restores it comes back here.
    if (!shader) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  fill(gl, gl.getAttribLocation(program, 'place'), places, 2, gl.UNSIGNED_SHORT);
  return {
    colours: fill(gl, gl.getAttribLocation(program, 'colour'), painted, 4, gl.UNSIGNED_BYTE),
    middle: gl.getUniformLocation(program, 'middle'),
    stretch: gl.getUniformLocation(program, 'stretch'),
    size: gl.getUniformLocation(program, 'size'),
  };
}

/**
 * A buffer of an attribute, whose whole numbers the shader reads as 0 to 1.
 *
 * @param {WebGL2RenderingContext} gl
 * @param {number} attribute
 * @param {Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>} values
 * @param {number} count Values a point.
 * @param {number} type
 */
function fill(gl, attribute, values, count, type) {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(attribute);
  gl.vertexAttribPointer(attribute, count, type, true, 0, 0);
  return buffer;
}
