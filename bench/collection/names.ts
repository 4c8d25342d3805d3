import { MUSIC_LIKE_GENRES } from '../../test/search/music-like.ts';

/** Numbers in [0, 1). */
type Uniform = () => number;

/** The top genres of the Free Music Archive, with their usual beats a minute; one for each kind of generated music. */
export const GENRES: { name: string; tempo: number }[] = [
  { name: 'Experimental', tempo: 105 },
  { name: 'Electronic', tempo: 126 },
  { name: 'Rock', tempo: 122 },
  { name: 'Instrumental', tempo: 96 },
  { name: 'Pop', tempo: 118 },
  { name: 'Folk', tempo: 108 },
  { name: 'Hip-Hop', tempo: 92 },
  { name: 'International', tempo: 110 },
  { name: 'Classical', tempo: 84 },
  { name: 'Old-Time / Historic', tempo: 112 },
  { name: 'Jazz', tempo: 116 },
  { name: 'Country', tempo: 120 },
  { name: 'Soul-RnB', tempo: 98 },
  { name: 'Spoken', tempo: 88 },
  { name: 'Blues', tempo: 102 },
  { name: 'Easy Listening', tempo: 94 },
];
if (GENRES.length !== MUSIC_LIKE_GENRES) throw new Error('a genre for each kind of generated music');

const words = (list: string) => list.split(' ');

const FIRST_NAMES = words(
  'Ada Ana Anders Aoife Astrid Björn Bruno Carla Chidi Clara Dario Delia Édith Elena Emil Esra Farid Felix Freya Gita ' +
    'Goran Greta Hana Hugo Ida Ikue Ines Ivo Jana Joaquín Jonas Juno Kaja Kofi Lars Leïla Lena Liv Luca Maj Mara Mateo ' +
    'Mei Milan Mina Naoko Nils Noor Olga Omar Oskar Paula Petra Rafael Rosa Rui Sami Selma Søren Tariq Thea Tomás Uma ' +
    'Vera Viktor Wanda Yara Yusuf Zoë',
);
const LAST_NAMES = words(
  'Abreu Adeyemi Almeida Andersson Baptiste Becker Bianchi Castellanos Chen Czerny Dahl Demir Duarte Eriksen Farkas ' +
    'Ferreira Fischer Fontaine García Haddad Halvorsen Hartmann Hayashi Ibarra Ito Jansen Jónsdóttir Kaplan Kato Kowalski ' +
    'Laurent Lindqvist Lopes Maier Marchetti Mbeki Moreau Müller Nakamura Navarro Nguyen Novák Okafor Olsen Ortega Park ' +
    'Pereira Petrov Quist Rasmussen Reyes Rossi Sato Schäfer Silva Sørensen Takeda Tanaka Torres Ueda Varga Vasquez Weiss ' +
    'Winter Yilmaz Zimmer',
);
const ADJECTIVES = words(
  'Amber Ancient Bitter Black Blind Blue Bright Broken Burning Civil Cold Copper Crooked Dark Distant Drowned Early Easy ' +
    'Electric Empty Endless Faded Fallen Final First Foreign Frozen Gentle Glass Golden Green Grey Half Hidden Hollow ' +
    'Honest Hungry Idle Inner Iron Late Little Lonely Long Lost Low Lucky Lunar Minor Modern Narrow New Northern Old Open ' +
    'Pale Paper Patient Plain Polar Quiet Rapid Red Restless Rising Rough Sacred Salt Second Secret Silent Silver Simple ' +
    'Sleeping Slow Small Soft Solar Southern Static Still Stolen Strange Sudden Sweet Tender Thin Tidal True Velvet Violet ' +
    'Warm Western White Wild Wooden Young',
);
const NOUNS = words(
  'Anchor Animal Arcade Archive Arrow Ash Autumn Avenue Bay Bird Bloom Boat Bone Bridge Bus Cable Candle Canyon Cedar ' +
    'Circle City Clock Cloud Coast Comet Country Crow Dance Dawn Desert Diamond Dog Door Dream Dusk Echo Engine Evening ' +
    'Factory Feather Fence Field Fire Floor Flower Forest Fountain Fox Garden Gate Ghost Glacier Hand Harbour Heart Hill ' +
    'Honey Horizon Horse House Hour Island Ivy Journey Key Kingdom Kite Ladder Lake Lantern Letter Light Line Lion Machine ' +
    'Map Market Meadow Memory Mile Mirror Moon Morning Motel Motor Mountain Night Oak Ocean Orchard Owl Palace Path Pearl ' +
    'Piano Pine Planet Prairie Radio Rain River Road Room Root Rope Rose Sail School Season Shadow Ship Shore Signal Sky ' +
    'Smoke Snow Song Spring Stair Star Station Stone Storm Street Summer Sun Swan Table Theatre Thunder Tide Tower Train ' +
    'Tree Tunnel Valley Voice Wall Water Wave Weather Wheel Wind Window Winter Wire Wolf Wood Year',
);
const PLACES = words(
  'Antwerp Bergen Bilbao Bristol Cádiz Cork Dakar Gdańsk Genoa Ghent Helsinki Kraków Kyoto Lagos Leeds Lima Lisbon Malmö ' +
    'Marseille Nagoya Naples Oaxaca Odesa Oslo Ostrava Porto Prague Québec Recife Riga Sarajevo Seoul Split Tbilisi Tromsø ' +
    'Turin Utrecht Valparaíso Vilnius Zürich',
);

const pick = <Value>(uniform: Uniform, values: readonly Value[]): Value =>
  values[Math.floor(uniform() * values.length)]!;

const of = (uniform: Uniform, forms: (() => string)[]): string => pick(uniform, forms)();

/** A person, a band or a project. */
export function artistName(uniform: Uniform): string {
  const [first, last] = [pick(uniform, FIRST_NAMES), pick(uniform, LAST_NAMES)];
  const [adjective, noun] = [pick(uniform, ADJECTIVES), pick(uniform, NOUNS)];
  return of(uniform, [
    () => `${first} ${last}`,
    () => `${first} ${last}`,
    () => `${first} ${last} ${pick(uniform, ['Trio', 'Quartet', 'Ensemble', 'Band'])}`,
    () => `The ${adjective} ${noun}s`,
    () => `${adjective} ${noun}`,
    () => `${pick(uniform, PLACES)} ${noun} Club`,
    () => `${first} & the ${noun}s`,
    () => `${noun}${pick(uniform, NOUNS).toLowerCase()}`,
  ]);
}

/** The name of an album. */
export function albumName(uniform: Uniform): string {
  const [adjective, noun, place] = [pick(uniform, ADJECTIVES), pick(uniform, NOUNS), pick(uniform, PLACES)];
  return of(uniform, [
    () => `${adjective} ${noun}`,
    () => `${noun} and ${pick(uniform, NOUNS)}`,
    () => `Live in ${place}`,
    () => `${place} Sessions`,
    () => `The ${adjective} ${noun} EP`,
    () => `${noun}s, Vol. ${1 + Math.floor(4 * uniform())}`,
  ]);
}

/** The title of a track; many tracks have the same, as in real collections. */
export function trackTitle(uniform: Uniform): string {
  const [adjective, noun] = [pick(uniform, ADJECTIVES), pick(uniform, NOUNS)];
  const title = of(uniform, [
    () => noun,
    () => `${adjective} ${noun}`,
    () => `${adjective} ${noun}`,
    () => `The ${noun}`,
    () => `${noun} of the ${adjective} ${pick(uniform, NOUNS)}`,
    () => `${noun} in ${pick(uniform, PLACES)}`,
    () =>
      `${pick(uniform, ['Don’t', 'Can’t', 'Let’s', 'We'])} ${pick(uniform, ['Leave', 'Follow', 'Wait for', 'Forget'])} the ${noun}`,
  ]);
  const ending = uniform();
  if (ending < 0.04) return `${title} (Live)`;
  return ending < 0.07 ? `${title} (${pick(uniform, FIRST_NAMES)} Remix)` : title;
}
