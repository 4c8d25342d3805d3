import { describe, expect, it } from 'vitest';
import { recall, remember } from '../../src/dashboard/public/assets/playback-memory.js';
import * as queues from '../../src/dashboard/public/assets/queue.js';
import { fakeTracks } from './fakes.ts';

const TRACKS = fakeTracks(26);

/** Tracks by letters: the first is a. */
const tracks = (letters: string) => [...letters].map((letter) => TRACKS[letter.charCodeAt(0) - 97]);

/** The queue by letters, what plays in capitals. */
function show({ entries, position }: queues.Queue): string {
  const letters = entries.map(({ track }) => String.fromCharCode(96 + Number(track.id)));
  return letters.map((letter, i) => (i === position ? letter.toUpperCase() : letter)).join('');
}

const playing = (letters: string, at = 0) => queues.playList(queues.EMPTY_QUEUE, tracks(letters), at);
const keyOf = (queue: queues.Queue, letter: string) =>
  queue.entries.find(({ track }) => track === tracks(letter)[0])!.key;

/** Numbers of 0 to below 1, the same at each run (mulberry32). */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the queue', () => {
  it('plays a list from the chosen track on', () => {
    const queue = playing('abcd', 2);
    expect(show(queue)).toBe('abCd');
    expect(queues.upcoming(queue).map(({ track }) => track)).toEqual(tracks('d'));
  });

  it('takes what is to play next before what was queued, and both before the list', () => {
    let queue = queues.enqueue(playing('abc'), tracks('xy'));
    expect(show(queue)).toBe('Axybc');
    queue = queues.playNext(queue, tracks('z'));
    expect(show(queue)).toBe('Azxybc');
    expect(show(queues.enqueue(queue, tracks('w')))).toBe('Azxywbc');
  });

  it('keeps what was queued by hand when another list is played, and drops the rest', () => {
    const queue = queues.enqueue(playing('abc'), tracks('xy'));
    expect(show(queues.playList(queue, tracks('def'), 1))).toBe('dExyf');
    // What has been played is not queued again.
    const later = queues.forward(queue, true)!;
    expect(show(queues.playList(later, tracks('def'), 0))).toBe('Dyef');
  });

  it('makes the first track that is added to nothing ready to play', () => {
    expect(show(queues.enqueue(queues.EMPTY_QUEUE, tracks('ab')))).toBe('Ab');
    expect(show(queues.playNext(queues.EMPTY_QUEUE, tracks('a')))).toBe('A');
  });

  it('holds a track twice, each with a key of its own', () => {
    const queue = queues.enqueue(playing('aa'), tracks('a'));
    expect(new Set(queue.entries.map(({ key }) => key)).size).toBe(3);
    expect(show(queues.remove(queue, queue.entries[1].key))).toBe('Aa');
  });

  it('steps forward and back, and ends', () => {
    const queue = playing('abc', 1);
    expect(show(queues.forward(queue, false)!)).toBe('abC');
    expect(queues.forward(queues.forward(queue, true)!, true)).toBeNull();
    expect(show(queues.back(queue)!)).toBe('Abc');
    expect(queues.back(queues.back(queue)!)).toBeNull();
    expect(queues.forward(queues.EMPTY_QUEUE, true)).toBeNull();
  });

  it('repeats all, in both directions', () => {
    const queue = { ...playing('abc', 2), repeat: 'all' as const };
    expect(show(queues.forward(queue, false)!)).toBe('Abc');
    expect(show(queues.back({ ...queue, position: 0 })!)).toBe('abC');
  });

  it('repeats one track at its end alone: who asks for the next one gets it', () => {
    const queue = { ...playing('ab'), repeat: 'one' as const };
    expect(queues.forward(queue, false)).toBe(queue);
    expect(show(queues.forward(queue, true)!)).toBe('aB');
  });

  it.each([
    ['a', 'Bcd'],
    ['c', 'aBd'],
    // What plays gives way to what follows.
    ['b', 'aCd'],
  ])('takes %s out', (letter, left) => {
    const queue = playing('abcd', 1);
    expect(show(queues.remove(queue, keyOf(queue, letter)))).toBe(left);
  });

  it('is empty when the last track is taken out, and goes back to the one before at its end', () => {
    const one = playing('a');
    expect(queues.remove(one, keyOf(one, 'a'))).toMatchObject({ entries: [], position: -1 });
    const end = playing('ab', 1);
    expect(show(queues.remove(end, keyOf(end, 'b')))).toBe('A');
    expect(queues.remove(end, 99)).toBe(end);
  });

  it.each([
    ['a', 3, 'Bcda'],
    ['d', 0, 'daBc'],
    ['b', 3, 'acdB'],
    ['c', 1, 'acBd'],
    ['a', 99, 'Bcda'],
    ['d', -5, 'daBc'],
  ])('moves %s to place %i, and plays on', (letter, place, moved) => {
    const queue = playing('abcd', 1);
    expect(show(queues.move(queue, keyOf(queue, letter), place))).toBe(moved);
  });

  it('is cleared of all but what plays', () => {
    expect(show(queues.clear(playing('abc', 1)))).toBe('B');
    expect(queues.clear(queues.EMPTY_QUEUE)).toEqual(queues.EMPTY_QUEUE);
  });

  it('is never changed in place', () => {
    const queue = Object.freeze(playing('abcd', 1));
    Object.freeze(queue.entries);
    for (const change of [queues.shuffle, queues.clear, (q: queues.Queue) => queues.move(q, 1, 3)])
      change(queue);
    queues.enqueue(queue, tracks('x'));
    expect(show(queue)).toBe('aBcd');
  });
});

describe('a shuffled queue', () => {
  const LETTERS = 'abcdefghijkl';

  it('holds the same tracks, what plays first, what was queued by hand next', () => {
    const queue = queues.enqueue(playing(LETTERS, 4), tracks('xyz'));
    const shuffled = queues.shuffle(queue, randoms(1));
    expect(show(shuffled).slice(0, 4)).toBe('Exyz');
    expect([...show(shuffled).toLowerCase()].sort().join('')).toBe(`${LETTERS}xyz`);
    expect(show(shuffled)).not.toBe(show(queue));
  });

  it('puts each track in each place equally often', () => {
    const random = randoms(7);
    const counts = Array.from({ length: 4 }, () => Array<number>(4).fill(0));
    for (let round = 0; round < 4_000; round++) {
      const order = show(queues.shuffle(playing('zabcd'), random)).slice(1);
      [...order].forEach((letter, place) => {
        counts[letter.charCodeAt(0) - 97][place]++;
      });
    }
    // 1,000 expected; four standard deviations are 110.
    for (const count of counts.flat()) expect(Math.abs(count - 1_000)).toBeLessThan(110);
  });

  it('comes back to its order, what was added and taken out meanwhile included', () => {
    let queue = queues.shuffle(playing('abcdef', 2), randoms(3));
    queue = queues.playNext(queue, tracks('x'));
    queue = queues.remove(queue, keyOf(queue, 'e'));
    const ordered = queues.unshuffle(queue);
    expect(show(ordered)).toBe('abCxdf');
    expect(ordered.unshuffled).toBeNull();
  });

  it('shuffles the list that is played next', () => {
    const queue = queues.shuffle(playing('ab'), randoms(3));
    const next = queues.playList(queue, tracks(LETTERS), 5, randoms(4));
    expect(show(next)[0]).toBe('F');
    expect(show(queues.unshuffle(next))).toBe('abcdeFghijkl');
  });
});

describe('what survives a reload', () => {
  function storage(text: string | null = null) {
    return {
      text,
      getItem: () => text,
      setItem(_key: string, value: string) {
        text = value;
      },
    };
  }

  it('is queue, position and volume', () => {
    const kept = storage();
    const memory = { queue: queues.shuffle(playing('abcd', 1), randoms(1)), seconds: 12.5, volume: 0.4 };
    remember(kept, memory);
    expect(recall(kept)).toEqual(memory);
  });

  it('is the part of a long queue around what plays', () => {
    const kept = storage();
    const many = Array.from({ length: 3_000 }, (_, i) => ({ ...TRACKS[0], id: String(i) }));
    const queue = queues.shuffle(queues.playList(queues.EMPTY_QUEUE, many, 0), randoms(1));
    const at = { ...queue, position: 1_500 };
    remember(kept, { queue: at, seconds: 0, volume: 1 });
    const recalled = recall(kept).queue;
    expect(recalled.entries).toHaveLength(1_001);
    expect(queues.currentEntry(recalled)).toEqual(queues.currentEntry(at));
    expect(recalled.unshuffled).toHaveLength(1_001);
  });

  it.each([null, 'no JSON', '{"version":0,"queue":5}'])('is nothing where storage holds %s', (text) => {
    expect(recall(storage(text))).toEqual({ queue: queues.EMPTY_QUEUE, seconds: 0, volume: 1 });
  });

  it('is nothing where the browser forbids storage, and no error', () => {
    const forbidden = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const memory = recall({ getItem: forbidden });
    expect(memory.queue).toBe(queues.EMPTY_QUEUE);
    expect(() => remember({ setItem: forbidden }, memory)).not.toThrow();
  });
});
