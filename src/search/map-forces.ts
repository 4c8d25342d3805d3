import type { Edges, NearestGraph } from './map-graph.ts';
import type { Random } from './random.ts';

/** Rows pushed away for each one pulled near: umap-learn's negative_sample_rate. */
const PUSHED = 5;

/** A step goes so far at most along an axis, before it is slowed down. */
const LONGEST = 4;

/** Keeps rows at one place from flying apart. */
const LEAST_SQUARE = 1e-3;

/**
 * Lays rows out by their graph: stochastic gradient descent on UMAP's cross-entropy (McInnes et al. 2018, algorithm 5).
 * Likeness in the picture is 1 / (1 + d²), UMAP's form with a = b = 1, which needs no power function: the same clusters
 * come out as with umap-learn's a = 1.58, b = 0.90 (Böhm et al. 2022, "Attraction-repulsion spectrum in neighbor
 * embeddings", use it, too).
 *
 * @param positions rows × 2; moved in place.
 */
export function layOut(positions: Float64Array, edges: Edges, epochs: number, random: Random): void {
  const rows = positions.length / 2;
  const { from, to, weights } = edges;
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  // An edge has its turn whenever enough weight has come together; all begin half-way, as 0 would be a common start.
  const due = new Float64Array(weights.length).fill(0.5);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const speed = 1 - epoch / epochs;
    for (let edge = 0; edge < weights.length; edge++) {
      due[edge] += weights[edge] / heaviest;
      if (due[edge] < 1) continue;
      due[edge] -= 1;
      const row = from[edge];
      pull(positions, row, positions, to[edge], speed, true);
      for (let i = 0; i < PUSHED; i++) {
        const other = random.integer() % rows;
        if (other !== row) push(positions, row, positions, other, speed);
      }
    }
  }
}

/**
 * Finds places for other rows among rows that stay where they are, one after the other: umap-learn's transform.
 *
 * @param fixed landmarks × 2.
 * @param graph The nearest landmarks of each row.
 * @returns rows × 2.
 */
export function placeAmong(
  fixed: Float64Array,
  graph: NearestGraph,
  epochs: number,
  random: Random,
): Float64Array {
  const { k, neighbours, weights } = graph;
  const landmarks = fixed.length / 2;
  const positions = new Float64Array((2 * neighbours.length) / k);
  const due = new Float64Array(k);
  for (let row = 0; row < positions.length / 2; row++) {
    startBetween(positions, row, fixed, graph);
    due.fill(0.5);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const speed = (1 - epoch / epochs) / 4;
      for (let i = 0; i < k; i++) {
        due[i] += weights[row * k + i];
        if (due[i] < 1) continue;
        due[i] -= 1;
        pull(positions, row, fixed, neighbours[row * k + i], speed, false);
        for (let j = 0; j < PUSHED; j++) push(positions, row, fixed, random.integer() % landmarks, speed);
      }
    }
  }
  return positions;
}

/** Between the nearest landmarks, the nearer to each the more alike. */
function startBetween(
  positions: Float64Array,
  row: number,
  fixed: Float64Array,
  { k, neighbours, weights }: NearestGraph,
): void {
  let total = 0;
  for (let i = row * k; i < (row + 1) * k; i++) {
    positions[2 * row] += weights[i] * fixed[2 * neighbours[i]];
    positions[2 * row + 1] += weights[i] * fixed[2 * neighbours[i] + 1];
    total += weights[i];
  }
  positions[2 * row] /= total;
  positions[2 * row + 1] /= total;
}

function pull(
  positions: Float64Array,
  row: number,
  others: Float64Array,
  other: number,
  speed: number,
  both: boolean,
): void {
  const x = positions[2 * row] - others[2 * other];
  const y = positions[2 * row + 1] - others[2 * other + 1];
  const force = -2 / (1 + x * x + y * y);
  const stepX = speed * shorten(force * x);
  const stepY = speed * shorten(force * y);
  positions[2 * row] += stepX;
  positions[2 * row + 1] += stepY;
  if (!both) return;
  others[2 * other] -= stepX;
  others[2 * other + 1] -= stepY;
}

function push(
  positions: Float64Array,
  row: number,
  others: Float64Array,
  other: number,
  speed: number,
): void {
  const x = positions[2 * row] - others[2 * other];
  const y = positions[2 * row + 1] - others[2 * other + 1];
  const square = x * x + y * y;
  const force = 2 / ((LEAST_SQUARE + square) * (1 + square));
  positions[2 * row] += speed * shorten(force * x);
  positions[2 * row + 1] += speed * shorten(force * y);
}

function shorten(step: number): number {
  return Math.max(-LONGEST, Math.min(LONGEST, step));
}
