const WORDS = [
  'low',
  'tide',
  'harbour',
  'dusk',
  'copper',
  'wire',
  'night',
  'bus',
  'paper',
  'lantern',
  'static',
];

/** Tracks of made-up names: 16 of an artist, 8 of an album. */
export const generatedTracks = (rows: number) =>
  Array.from({ length: rows }, (_, i) => ({
    id: String(i).padStart(7, '0'),
    title: `${WORDS[i % 11]} ${WORDS[(i * 7) % 10]} ${i}`,
    artist: `the ${WORDS[(i >> 4) % 9]} ${i >> 4}`,
    album: `${WORDS[(i >> 3) % 7]} no. ${i >> 3}`,
    genre: i % 5 ? 'Rock' : 'Ambient',
    path: `${i >> 10}/${i}.mp3`,
    seconds: 180,
    tempo: null,
  }));
