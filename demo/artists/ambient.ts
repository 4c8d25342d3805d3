import { ambient } from '../styles/ambient.ts';
import type { Artist } from './artist.ts';

export const AMBIENT_ARTISTS: Artist[] = [
  {
    name: 'Polar Night Archive',
    genre: 'Drone',
    location: 'Tromsø, Norway',
    tags: ['drone', 'field recordings'],
    albums: { 'Stations 1–4': ['Station 1: Ice Road', 'Station 2: Radar Hum', 'Station 4: Meltwater'] },
    compose: ambient({
      modes: ['dorian', 'minor'],
      chordSeconds: [9, 13],
      register: 55,
      corner: [350, 600],
      shape: 'saw',
      bells: 0,
      surf: 1,
      space: 9,
    }),
  },
  {
    name: 'Ash Cathedral',
    genre: 'Drone',
    location: 'Providence, Rhode Island',
    tags: ['ambient', 'organ'],
    albums: {
      'Vespers for Empty Halls': ['Lauds', 'Nave', 'Every Candle, Twice'],
      'Vespers (Outtakes)': ['Untitled 7'],
    },
    compose: ambient({
      modes: ['lydian', 'major'],
      chordSeconds: [6, 8],
      register: 60,
      corner: [700, 1200],
      shape: 'square',
      bells: 0,
      surf: 0.15,
      space: 7,
    }),
  },
  {
    name: 'Mei-Lin Tsao',
    genre: 'Experimental',
    location: 'Taipei, Taiwan',
    tags: ['ambient', 'bells'],
    albums: { 'Tidal Clock': ['Low Tide, 4:10 a.m.', 'Glass Minute', 'Estuary'] },
    compose: ambient({
      modes: ['lydian', 'mixolydian'],
      chordSeconds: [7, 10],
      register: 70,
      corner: [900, 1500],
      shape: 'sine',
      bells: 26,
      surf: 0.4,
      space: 6,
    }),
  },
];
