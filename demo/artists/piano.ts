import { piano } from '../styles/piano.ts';
import type { Artist } from './artist.ts';

export const PIANISTS: Artist[] = [
  {
    name: 'Ilse Maarten',
    genre: 'Soundtrack',
    location: 'Utrecht, Netherlands',
    tags: ['solo piano', 'quiet'],
    albums: {
      'Rooms Facing North': ['Window, Left Ajar', 'The Stairs at Noon', 'Letter I Did Not Send'],
      'Second Notebook': ['Page Eleven'],
    },
    compose: piano({
      tempo: [62, 74],
      modes: ['major', 'lydian'],
      leftHand: 'arpeggio',
      pace: 'calm',
      felt: 0.35,
      room: { seconds: 1.8, brightness: 4500 },
    }),
  },
  {
    name: 'Tomás Quiroga',
    genre: 'Instrumental',
    location: 'Rosario, Argentina',
    tags: ['piano', 'waltz'],
    albums: { 'Valses de otoño': ['Vals para Inés', 'El último tranvía', '“Cuatro esquinas”'] },
    compose: piano({
      tempo: [96, 118],
      modes: ['minor', 'dorian'],
      leftHand: 'waltz',
      pace: 'flowing',
      felt: 0,
      room: { seconds: 1.2, brightness: 6000 },
    }),
  },
  {
    name: 'Hanae Oda',
    genre: 'Soundtrack',
    location: 'Kanazawa, Japan',
    tags: ['felt piano'],
    albums: { 'Snow, Then Salt': ['Harbour Light', 'Ten Thousand Steps', 'Snow, Then Salt'] },
    compose: piano({
      tempo: [54, 64],
      modes: ['minor', 'major'],
      leftHand: 'held chords',
      pace: 'calm',
      felt: 0.8,
      room: { seconds: 3.2, brightness: 3000 },
    }),
  },
];
