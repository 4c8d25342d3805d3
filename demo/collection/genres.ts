/** The part of FMA's tree of genres that the demo has, with FMA's ids: a root has itself as its root. */
export const GENRES = {
  Rock: { id: 12, root: 'Rock' },
  Electronic: { id: 15, root: 'Electronic' },
  Folk: { id: 17, root: 'Folk' },
  Soundtrack: { id: 18, root: 'Instrumental' },
  'Hip-Hop': { id: 21, root: 'Hip-Hop' },
  Punk: { id: 25, root: 'Rock' },
  Metal: { id: 31, root: 'Rock' },
  Experimental: { id: 38, root: 'Experimental' },
  Drone: { id: 47, root: 'Experimental' },
  'Indie-Rock': { id: 66, root: 'Rock' },
  'Alternative Hip-Hop': { id: 100, root: 'Hip-Hop' },
  'Singer-Songwriter': { id: 103, root: 'Folk' },
  Techno: { id: 181, root: 'Electronic' },
  House: { id: 182, root: 'Electronic' },
  'Hip-Hop Beats': { id: 811, root: 'Hip-Hop' },
  Instrumental: { id: 1235, root: 'Instrumental' },
} as const;

export type GenreTitle = keyof typeof GENRES;
