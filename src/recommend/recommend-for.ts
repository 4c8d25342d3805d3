import { squaredDistance } from '../search/distance.ts';
import type { Neighbours } from '../search/nearest.ts';
import { type Candidate, chooseDiverse } from './diverse-choice.ts';
import type { Leaning, ListenerProfile } from './listener-profile.ts';

/** A collection as far as recommendations need it. A row is a track's number. */
export interface SoundSpace {
  /** Tracks in it. */
  size: number;
  /** Undefined where there is no such track (any more). */
  rowOf(id: string): number | undefined;
  track(row: number): { id: string; artist: string | null };
  /** Float32Array, scaled and weighted as the index has it. */
  vectorOf(row: number): Float32Array;
  /** The nearest rows that are not excluded, nearest first. */
  nearest(query: Float32Array, k: number, excludeRows: readonly number[]): Promise<Neighbours>;
  /** Where to begin with somebody of whom nothing is known: centres of clusters, those of most tracks first. */
  starts(): readonly Float32Array[];
}

export interface Recommendation {
  track: string;
  /** The track whose neighbour it is; null where nothing is known of the listener. */
  because: { track: string; liked: boolean } | null;
}

/** Tracks recommended. */
const COUNT = 20;

/** Tracks of the listener that neighbours are sought of, and clusters for somebody new. */
const SOURCES = 12;
const STARTS = 20;

/** Neighbours looked at of each. */
const NEIGHBOURS = 40;

/** The strongest of them; the cost of each is that of all candidates. */
const AVERSIONS = 20;

/** What likeness to a track that the listener turned away from costs, beside the 1 of a perfect fit. */
const AVERSION = 0.5;

/** Tracks that were just heard, but not more than a third of a small collection, which would have nothing left. */
const JUST_HEARD = 50;

interface Source {
  vector: Float32Array;
  weight: number;
  because: Recommendation['because'];
}

interface Found extends Candidate {
  row: number;
  /** The squared radius of what it was found by. */
  scale: number;
  because: Recommendation['because'];
}

/**
 * Recommends 20 tracks, or as many as there are. Around each of the listener's strongest tracks its neighbours are
 * candidates, so that several tastes stay several; a candidate's relevance is the best of `weight / (1 + (d / s)²)`,
 * less what it is like a track that was turned away from. Then a diverse choice. Not among them: what the listener
 * liked or disliked, and what was just heard. The same profile and collection give the same answer.
 */
export async function recommendFor(profile: ListenerProfile, space: SoundSpace): Promise<Recommendation[]> {
  const excluded = excludedRows(profile, space);
  const sources = sourcesOf(profile, space);
  const neighbours = await Promise.all(
    sources.map(({ vector }) => space.nearest(vector, NEIGHBOURS, excluded)),
  );
  const aversions = known(profile.aversions, space).slice(0, AVERSIONS);
  const likeness = (a: number, b: number, scale: number) =>
    kernel(squaredDistance(space.vectorOf(a), 0, space.vectorOf(b)), scale);

  const found = new Map<number, Found>();
  sources.forEach(({ weight, because }, i) => {
    const { rows, distances } = neighbours[i]!;
    const scale = squaredRadius(distances);
    rows.forEach((row, place) => {
      const relevance = weight * kernel(distances[place]! ** 2, scale);
      const before = found.get(row);
      if (before && before.relevance >= relevance) return;
      found.set(row, { row, relevance, artist: space.track(row).artist, scale, because });
    });
  });
  for (const candidate of found.values()) {
    const nearness = aversions.map(
      ({ row, weight }) => weight * likeness(row, candidate.row, candidate.scale),
    );
    candidate.relevance -= AVERSION * Math.max(0, ...nearness);
  }
  const candidates = [...found.values()].sort((a, b) => b.relevance - a.relevance || a.row - b.row);
  const chosen = chooseDiverse(candidates, COUNT, (a, b) =>
    likeness(a.row, b.row, Math.sqrt(a.scale * b.scale)),
  );
  return chosen.map(({ row, because }) => ({ track: space.track(row).id, because }));
}

function sourcesOf({ tastes }: ListenerProfile, space: SoundSpace): Source[] {
  const strongest = known(tastes, space).slice(0, SOURCES);
  if (strongest.length === 0) {
    return space
      .starts()
      .slice(0, STARTS)
      .map((vector) => ({ vector, weight: 1, because: null }));
  }
  const { weight: most } = strongest[0]!;
  return strongest.map(({ row, track, liked, weight }) => ({
    vector: space.vectorOf(row),
    weight: weight / most,
    because: { track, liked },
  }));
}

/** Those whose tracks are in the collection. */
function known<Kind extends Leaning>(
  leanings: readonly Kind[],
  space: SoundSpace,
): (Kind & { row: number })[] {
  return leanings.flatMap((leaning) => {
    const row = space.rowOf(leaning.track);
    return row === undefined ? [] : [{ ...leaning, row }];
  });
}

function excludedRows({ heard, liked, disliked }: ListenerProfile, space: SoundSpace): number[] {
  const justHeard = heard.slice(0, Math.min(JUST_HEARD, Math.floor(space.size / 3)));
  const rows = [...liked, ...disliked, ...justHeard].map((track) => space.rowOf(track));
  return [...new Set(rows.filter((row) => row !== undefined))];
}

/**
 * Student's t kernel (van der Maaten and Hinton 2008, §3.3): 1 at the same place, 1/2 at the scale. It needs no
 * exponential, whose last bit differs between engines.
 */
const kernel = (square: number, scale: number) => 1 / (1 + square / scale);

/**
 * The farthest neighbour, squared: distances count by how far neighbours are just there, so that a dense taste and a
 * sparse one are equals, and those of two places by the mean of both (Zelnik-Manor and Perona 2004, "Self-tuning
 * spectral clustering", §2).
 */
function squaredRadius(distances: Float32Array): number {
  const farthest = distances.at(-1) ?? 0;
  return farthest > 0 ? farthest ** 2 : 1;
}
