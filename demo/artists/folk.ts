import { folk } from '../styles/folk.ts';
import type { Artist } from './artist.ts';

export const FOLK_MUSICIANS: Artist[] = [
  {
    name: 'The Gorse Lane Trio',
    genre: 'Folk',
    location: 'Sligo, Ireland',
    tags: ['whistle', "jigs 'n' airs"],
    albums: {
      'A Shilling for the Ferryman': ["O'Hara's Gate", 'Nine Mile Bog', 'A Shilling for the Ferryman'],
      'Live at Doyle’s': ["O'Hara's Gate / The Grey Hen"],
    },
    compose: folk({
      tempo: [104, 122],
      modes: ['mixolydian', 'dorian', 'major'],
      beatsPerBar: 4,
      hand: 'strumming',
      strings: { ring: 3, brightness: 0.75, position: 0.15, muting: 0.05 },
      tune: 'whistle',
      feet: true,
      room: { seconds: 1, brightness: 5000 },
    }),
  },
  {
    name: 'Wendell Ashby',
    genre: 'Singer-Songwriter',
    location: 'Asheville, North Carolina',
    tags: ['fingerpicking'],
    albums: { 'Porch Almanac': ['Blue Heron, Low Water', 'Kettle Song', 'Porch Almanac, Part One'] },
    compose: folk({
      tempo: [92, 108],
      modes: ['major', 'mixolydian'],
      beatsPerBar: 4,
      hand: 'fingers',
      strings: { ring: 4, brightness: 0.6, position: 0.18, muting: 0 },
      tune: 'none',
      feet: false,
      room: { seconds: 0.8, brightness: 4500 },
    }),
  },
  {
    name: 'Sœurs Lavigne',
    genre: 'Singer-Songwriter',
    location: 'Trois-Rivières, Québec',
    tags: ['deux guitares'],
    albums: { 'La rivière prend son temps': ['Lanterne', 'Trois filles au moulin', 'Dors, petit renard'] },
    compose: folk({
      tempo: [84, 100],
      modes: ['minor', 'dorian'],
      beatsPerBar: 3,
      hand: 'fingers',
      strings: { ring: 3, brightness: 0.35, position: 0.28, muting: 0 },
      tune: 'second guitar',
      feet: false,
      room: { seconds: 1.8, brightness: 4000 },
    }),
  },
];
