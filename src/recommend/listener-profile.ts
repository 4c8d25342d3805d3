import type { ListenerEvent, TrackEvent } from '../store/listener-documents.ts';
import { isOpinion, isTrackEvent, keptEvents } from './listener-events.ts';

/** A track that tells of a listener's taste. */
export interface Leaning {
  track: string;
  /** Above 0, at most 1. */
  weight: number;
}

/** What a listener's events say of the listener. */
export interface ListenerProfile {
  /** Tracks to look around, the strongest first; `liked` where the listener said so. */
  tastes: (Leaning & { liked: boolean })[];
  /** Tracks to stay away from, the strongest first. */
  aversions: Leaning[];
  /** Tracks listened to, the newest first. */
  heard: string[];
  /** The newest opinion first. */
  liked: string[];
  disliked: string[];
  /** Id of the newest event; null where there is none. */
  latest: string | null;
}

const LIKE = 1;
const COMPLETE = 0.5;
/** A start alone says little: it may have been the queue's. */
const PLAY = 0.1;
const SKIP = -0.5;

/** Seconds of listening after which a skip says nothing; before them, the less the later. */
const SKIP_SECONDS = 30;

/** Events after which one counts half. */
const HALF_LIFE = 60;

/**
 * The profile of a listener: a function of the events alone, in whatever order and however often they are given.
 *
 * A track's score is the sum of what was done with it, each event weighted by 60 / (60 + events since), and 1 at most.
 * A dislike is -1 and does not fade. docs/recommendations.md tells more.
 */
export function profileOf(events: readonly ListenerEvent[]): ListenerProfile {
  const counted = keptEvents(events).filter(isTrackEvent);
  const liked = counted.filter(({ action }) => action === 'like').map(({ track }) => track);
  const disliked = counted.filter(({ action }) => action === 'dislike').map(({ track }) => track);
  const likes = new Set(liked);

  const scores = new Map<string, number>();
  counted.forEach((event, since) => {
    const worth = worthOf(event) * (HALF_LIFE / (HALF_LIFE + since));
    scores.set(event.track, (scores.get(event.track) ?? 0) + worth);
  });
  for (const track of disliked) scores.set(track, -1);

  // Tracks stand in the order of their newest events, and stay in it where scores are equal.
  const ranked = [...scores].map(([track, score]) => ({ track, score }));
  const leanings = (sign: 1 | -1) =>
    ranked
      .map(({ track, score }) => ({ track, weight: Math.min(1, sign * score) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight);
  const listened = counted.filter((event) => !isOpinion(event));
  return {
    tastes: leanings(1).map((leaning) => ({ ...leaning, liked: likes.has(leaning.track) })),
    aversions: leanings(-1),
    heard: [...new Set(listened.map(({ track }) => track))],
    liked,
    disliked,
    latest: counted[0]?.id ?? null,
  };
}

function worthOf({ action, position }: TrackEvent): number {
  switch (action) {
    case 'like':
      return LIKE;
    case 'complete':
      return COMPLETE;
    case 'play':
      return PLAY;
    case 'skip':
      return SKIP * Math.max(0, 1 - (position ?? 0) / SKIP_SECONDS);
    case 'dislike':
    case 'unlike':
      return 0;
  }
}
