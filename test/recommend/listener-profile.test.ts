import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/recommend/listener-profile.ts';
import { forget, numbered, randomEvents, shuffled } from './events.ts';

const weightOf = (leanings: { track: string; weight: number }[], track: string) =>
  leanings.find((leaning) => leaning.track === track)?.weight;

describe('the profile of a listener', () => {
  it('of nobody known is empty', () => {
    const empty = { tastes: [], aversions: [], heard: [], liked: [], disliked: [], latest: null };
    expect(profileOf([])).toEqual(empty);
    expect(profileOf([numbered(1, 'like', 'a'), forget(2)])).toEqual(empty);
  });

  it('is the same whatever the order of the events and however often they come', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const events = randomEvents(900, 60, seed);
      expect(profileOf(shuffled([...events, ...events], seed))).toEqual(profileOf(events));
    }
  });

  it('has a like before a track heard to its end, and that before a start', () => {
    const { tastes } = profileOf([
      numbered(1, 'play', 'started'),
      numbered(2, 'like', 'liked'),
      numbered(3, 'complete', 'heard'),
    ]);
    expect(tastes.map(({ track, liked }) => [track, liked])).toEqual([
      ['liked', true],
      ['heard', false],
      ['started', false],
    ]);
    // The like has one event after it: 60 / 61.
    expect(tastes[0]!.weight).toBeCloseTo(60 / 61, 12);
    expect(tastes[1]!.weight).toBe(0.5);
    expect(tastes[2]!.weight).toBeCloseTo((0.1 * 60) / 62, 12);
  });

  it('lets a like fade to a half after 60 further events, and a dislike never', () => {
    const later = Array.from({ length: 60 }, (_, i) => numbered(10 + i, 'play', `t${i}`));
    const { tastes, aversions, disliked } = profileOf([
      numbered(1, 'dislike', 'bad'),
      numbered(2, 'like', 'good'),
      ...later,
    ]);
    expect(weightOf(tastes, 'good')).toBe(0.5);
    expect(aversions).toEqual([{ track: 'bad', weight: 1 }]);
    expect(disliked).toEqual(['bad']);
  });

  it('holds an early skip against a track, the less the later, and none after half a minute', () => {
    const skips = [0, 15, 30, 200, null].map((position, i) =>
      numbered(i, 'skip', `at ${position}`, position),
    );
    const { tastes, aversions } = profileOf(skips);
    expect(tastes).toEqual([]);
    expect(aversions.map(({ track }) => track)).toEqual(['at null', 'at 0', 'at 15']);
    expect(weightOf(aversions, 'at null')).toBe(0.5);
    expect(weightOf(aversions, 'at 15')).toBeCloseTo((0.25 * 60) / 63, 12);
  });

  it('goes by the newest opinion, and by none after it was taken back', () => {
    const events = [numbered(1, 'like', 'a'), numbered(2, 'dislike', 'a')];
    expect(profileOf(events)).toMatchObject({ liked: [], disliked: ['a'], tastes: [] });
    const again = [...events, numbered(3, 'unlike', 'a')];
    expect(profileOf(again)).toMatchObject({ liked: [], disliked: [], tastes: [], aversions: [] });
  });

  it('weighs a dislike more than any number of plays', () => {
    const plays = Array.from({ length: 30 }, (_, i) => numbered(i, 'complete', 'a'));
    const { tastes, aversions } = profileOf([...plays, numbered(50, 'dislike', 'a')]);
    expect(tastes).toEqual([]);
    expect(aversions).toEqual([{ track: 'a', weight: 1 }]);
    expect(profileOf(plays).tastes[0]!.weight).toBe(1);
  });

  it('tells what was heard, the newest first and each track once', () => {
    const { heard, latest } = profileOf([
      numbered(1, 'play', 'a'),
      numbered(2, 'skip', 'b', 3),
      numbered(3, 'complete', 'a'),
      numbered(4, 'like', 'c'),
    ]);
    expect(heard).toEqual(['a', 'b']);
    expect(latest).toBe('4');
  });
});
