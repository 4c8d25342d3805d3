import { describe, expect, it } from 'vitest';
import { type Spread, type Traits, why } from '../../src/recommend/why.ts';
import type { Aspect } from '../../src/search/aspects.ts';

const spread: Spread = {
  brightness: { mean: 2000, deviation: 500 },
  noisiness: { mean: 0.02, deviation: 0.01 },
  percussiveness: { mean: 1.2, deviation: 0.3 },
  loudness: { mean: 20, deviation: 4 },
  dynamics: { mean: 8, deviation: 3 },
};

/** In the middle of the collection in everything. */
const usual: Traits = {
  tempo: 120,
  brightness: 2000,
  noisiness: 0.02,
  percussiveness: 1.2,
  loudness: 20,
  dynamics: 8,
  key: 0,
  keyStrength: 0.3,
};

const clear = { keyStrength: 0.8 };

describe('why a track is recommended', () => {
  it.each<[string, Partial<Traits>, Partial<Traits>, Aspect?]>([
    ['same tempo ±3, darker timbre', {}, { tempo: 123, brightness: 1500 }],
    ['same tempo, brighter timbre', {}, { brightness: 2500 }],
    ['same tempo, much louder', {}, { loudness: 29, brightness: 2500 }],
    ['double the tempo, quieter', { tempo: 62 }, { tempo: 123, loudness: 16 }],
    ['half the tempo, smoother', { tempo: 123 }, { tempo: 61.5, percussiveness: 0.9 }],
    ['both loud, 40 bpm faster', { loudness: 28 }, { loudness: 27, tempo: 160 }],
    ['same key (A minor), 40 bpm slower', { key: 21, ...clear }, { key: 21, ...clear, tempo: 80 }],
    ['same tempo, same key (E♭ major)', { key: 3, ...clear }, { key: 3, ...clear }],
    // C major and its relative minor have the same notes.
    ['related key (A minor), 40 bpm faster', { key: 0, ...clear }, { key: 21, ...clear, tempo: 160 }],
    // An unclear key is not told.
    ['same tempo, as bright', { key: 0, keyStrength: 0.9 }, { key: 6 }],
    ['both dark, 40 bpm faster', { brightness: 1000 }, { brightness: 900, tempo: 160 }],
    // What was asked about comes first.
    ['as bright, much louder', {}, { loudness: 29, tempo: 150 }, 'timbre'],
    ['same tempo, louder', { key: 0, ...clear }, { loudness: 23, key: 0, ...clear }, 'rhythm'],
    ['same key (C major), louder', { key: 0, ...clear }, { loudness: 23, key: 0, ...clear }, 'harmony'],
    ['as dynamic, louder', {}, { loudness: 23 }, 'loudness'],
  ])('%s', (text, from, to, aspect) => {
    expect(why({ ...usual, ...from }, { ...usual, ...to }, spread, aspect)).toBe(text);
  });

  it('says so where nothing is known', () => {
    expect(why({}, {}, {})).toBe('alike in most things');
    expect(why({ brightness: 5 }, { brightness: 5 }, { brightness: { mean: 5, deviation: 0 } })).toBe(
      'alike in most things',
    );
  });

  it('tells the difference the other way round, seen from the other track', () => {
    const bright = { ...usual, brightness: 3000 };
    expect(why(usual, bright, spread)).toBe('same tempo, much brighter timbre');
    expect(why(bright, usual, spread)).toBe('same tempo, much darker timbre');
  });
});
