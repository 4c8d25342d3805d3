import { describe, expect, it } from 'vitest';
import { keptEvents } from '../../src/recommend/listener-events.ts';
import type { ListenerEvent } from '../../src/store/listener-documents.ts';
import { forget, numbered, randomEvents, shuffled } from './events.ts';

describe('the events of a listener that count', () => {
  it('are the same whatever their order, however often and in whatever parts they come', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const events = randomEvents(1_500, 40, seed);
      const expected = keptEvents(events);
      const doubled = shuffled([...events, ...shuffled(events, seed).slice(0, 400)], seed + 1);
      expect(keptEvents(doubled), `seed ${seed}`).toEqual(expected);
      let kept: ListenerEvent[] = [];
      for (let start = 0; start < doubled.length; start += 70) {
        kept = keptEvents([...kept, ...doubled.slice(start, start + 70)]);
      }
      expect(kept, `seed ${seed}, in parts`).toEqual(expected);
    }
  });

  it('are the newest 500 of listening, and the newest opinion of each track however old', () => {
    const like = numbered(0, 'like', 'a');
    const dislike = numbered(1, 'dislike', 'a');
    const old = numbered(2, 'like', 'b');
    const plays = Array.from({ length: 700 }, (_, i) => numbered(10 + i, 'play', `t${i % 50}`));
    const kept = keptEvents([like, dislike, old, ...plays]);
    expect(kept).toHaveLength(502);
    expect(kept.slice(-2)).toEqual([old, dislike]);
    expect(kept[0]).toEqual(plays.at(-1));
  });

  it('are those after the newest forget, which stays to stop what comes late', () => {
    const before = numbered(1, 'like', 'a');
    const after = numbered(3, 'like', 'b');
    expect(keptEvents([before, forget(2), after])).toEqual([after, forget(2)]);
    expect(keptEvents([...keptEvents([forget(2), after]), before])).toEqual([after, forget(2)]);
    expect(keptEvents([forget(2), forget(5), after])).toEqual([forget(5)]);
  });

  it('count once where a client sends one again, unsure of the first time', () => {
    const first = numbered(1, 'complete', 'a');
    expect(keptEvents([first, { ...first, at: first.at + 3_000 }])).toHaveLength(1);
  });
});
