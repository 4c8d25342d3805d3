import type { ListenerEvent, TrackEvent } from '../store/listener-documents.ts';

/** Plays, completions and skips that count; older ones are forgotten. */
const LISTENINGS = 500;

/** Tracks of which an opinion is remembered, those with the newest opinions. */
const OPINIONS = 500;

export const isOpinion = ({ action }: TrackEvent): boolean =>
  action === 'like' || action === 'dislike' || action === 'unlike';

export const isTrackEvent = (event: ListenerEvent): event is TrackEvent => event.action !== 'forget';

/**
 * What counts of a listener's events, the newest first: each once; none before the newest `forget`, which stays
 * itself; of listening the newest 500, and of each track the newest opinion, of 500 tracks at most.
 *
 * Only what is the newest of its kind is kept. So it does not matter in which order events arrive, how often, or what
 * was thrown away in between: `kept([...kept(a), ...b])` is `kept([...a, ...b])`.
 */
export function keptEvents(events: readonly ListenerEvent[]): ListenerEvent[] {
  const kept: ListenerEvent[] = [];
  const seen = new Set<string>();
  const judged = new Set<string>();
  let listenings = 0;
  for (const event of [...events].sort(newestFirst)) {
    if (!isTrackEvent(event)) return [...kept, event];
    // A client that sends an event again, unsure of the first time, has it with another time.
    const once = `${event.id} ${event.action} ${event.track}`;
    if (seen.has(once)) continue;
    seen.add(once);
    if (isOpinion(event)) {
      if (judged.has(event.track) || judged.size === OPINIONS) continue;
      judged.add(event.track);
      kept.push(event);
    } else if (listenings < LISTENINGS) {
      listenings++;
      kept.push(event);
    }
  }
  return kept;
}

function newestFirst(a: ListenerEvent, b: ListenerEvent): number {
  return b.at - a.at || compareTexts(keyOf(b), keyOf(a));
}

// Of two events at one time, a `forget` comes first: it must not take what was done after it.
const keyOf = (event: ListenerEvent) =>
  isTrackEvent(event) ? `1 ${event.id} ${event.action} ${event.track}` : `0 ${event.id}`;

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
