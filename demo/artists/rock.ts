import { rock } from '../styles/rock.ts';
import type { Artist } from './artist.ts';

export const ROCK_BANDS: Artist[] = [
  {
    name: 'Iron Larder',
    genre: 'Metal',
    location: 'Birmingham, England',
    tags: ['heavy', 'riffs'],
    albums: { 'Coal & Butter': ['Furnace Door', 'Tithe', 'The Long Haul, Pt. II'] },
    compose: rock({
      tempo: [108, 124],
      modes: ['minor', 'phrygian'],
      drive: 25,
      cabinet: 4200,
      verse: 'chug',
      beat: 'half-time',
      lead: true,
      room: { seconds: 1.1, brightness: 4000 },
    }),
  },
  {
    name: 'The Sprockets',
    genre: 'Punk',
    location: 'Portland, Oregon',
    tags: ['punk', '1-2-3-4'],
    albums: {
      'Late for Everything': ['Bus Pass', '1, 2, 3, Go', 'Don\'t Call the "Landlord"'],
      'Basement Tapes, Probably': ['Flat Tire'],
    },
    compose: rock({
      tempo: [168, 184],
      modes: ['major', 'mixolydian'],
      drive: 12,
      cabinet: 5000,
      verse: 'chug',
      beat: 'punk',
      lead: false,
      room: { seconds: 0.5, brightness: 5000 },
    }),
  },
  {
    name: 'Harrow & Vine',
    genre: 'Indie-Rock',
    location: 'Melbourne, Australia',
    tags: ['indie'],
    albums: { 'Weekend Geography': ['Southbound', 'Paper Umbrella', 'All the Lights in Order'] },
    compose: rock({
      tempo: [122, 138],
      modes: ['major', 'mixolydian'],
      drive: 5,
      cabinet: 5500,
      verse: 'ring',
      beat: 'rock',
      lead: true,
      room: { seconds: 1.6, brightness: 5500 },
    }),
  },
];
