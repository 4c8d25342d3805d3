import { techno } from '../styles/techno.ts';
import type { Artist } from './artist.ts';

export const TECHNO_PRODUCERS: Artist[] = [
  {
    name: 'Kontrollraum 5',
    genre: 'Techno',
    location: 'Leipzig, Germany',
    tags: ['techno', 'acid'],
    albums: {
      Schichtwechsel: ['Nachtschicht', 'Relais', 'Phase 3 (Werk II)'],
      'Schichtwechsel Remixed': ['Relais (Drehstrom Version)'],
    },
    compose: techno({
      tempo: [128, 134],
      modes: ['phrygian', 'minor'],
      bass: 'acid',
      stab: 0,
      kick: { pitch: 46, ring: 0.34 },
      hall: 1.2,
    }),
  },
  {
    name: 'Marisol & The Grid',
    genre: 'House',
    location: 'Valencia, Spain',
    tags: ['deep house', 'summer'],
    albums: { 'Terraza, Vol. 2': ['Warm Tiles', 'Sólo Una Vez', 'Last Ferry, First Light'] },
    compose: techno({
      tempo: [119, 124],
      modes: ['dorian', 'minor'],
      bass: 'off-beat',
      stab: 5,
      kick: { pitch: 52, ring: 0.28 },
      hall: 2.2,
    }),
  },
  {
    name: 'VANTA/08',
    genre: 'Techno',
    location: 'Detroit, Michigan',
    tags: ['techno', "peak time, 4 o'clock"],
    albums: { 'No Daylight Saving': ['Concrete Bloom', 'Overpass', 'Zero Crossing'] },
    compose: techno({
      tempo: [135, 141],
      modes: ['minor'],
      bass: 'rolling',
      stab: 3,
      kick: { pitch: 50, ring: 0.3 },
      hall: 3,
    }),
  },
];
