import { hipHop } from '../styles/hip-hop.ts';
import type { Artist } from './artist.ts';

export const BEATMAKERS: Artist[] = [
  {
    name: 'Dusty Fontaine',
    genre: 'Hip-Hop Beats',
    location: 'Oakland, California',
    tags: ['boom bap', 'instrumentals'],
    albums: {
      'Crate Weather': ['Rain Check', 'Two Dollar Bin', 'B-Side Blues', 'Corner Booth'],
    },
    compose: hipHop({
      tempo: [84, 92],
      modes: ['dorian', 'minor'],
      swing: 0.62,
      beat: 'boom bap',
      sample: 'electric piano',
      crackle: 1,
    }),
  },
  {
    name: 'Kasbah Cuts',
    genre: 'Alternative Hip-Hop',
    location: 'Marseille, France',
    tags: ['sampled strings'],
    albums: { 'Port of Call': ['Quai 14', 'Saffron Tape', 'Le Vieux, le Neuf'] },
    compose: hipHop({
      tempo: [92, 99],
      modes: ['phrygian', 'minor'],
      swing: 0.57,
      beat: 'boom bap',
      sample: 'plucked strings',
      crackle: 0.5,
    }),
  },
  {
    name: 'Lil Parallax',
    genre: 'Hip-Hop',
    location: 'Atlanta, Georgia',
    tags: ['trap', '808'],
    albums: { 'Third Eye Discount': ['Sub Level', 'No Receipts', 'Mirror Talk (Interlude)'] },
    compose: hipHop({
      tempo: [134, 146],
      modes: ['minor', 'phrygian'],
      swing: 0.5,
      beat: 'trap',
      sample: 'electric piano',
      crackle: 0,
    }),
  },
];
