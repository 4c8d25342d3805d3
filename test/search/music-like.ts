import { createRandom } from '../../src/search/random.ts';

/** Kinds of music among generated vectors. */
export const MUSIC_LIKE_GENRES = 16;

/**
 * Generated vectors that are like music in what makes search hard or easy: correlated values (the variance of
 * the i-th direction falls as 1 / i), genres that overlap, artists that repeat themselves, and odd tracks far out.
 *
 * @returns Float32Array, rows × dimension, row-major, with an expected squared distance of about 2.
 */
export function musicLikeVectors(rows: number, dimension: number, seed: number): Float32Array {
  return musicLikeTracks(rows, dimension, seed).vectors;
}

/** As `musicLikeVectors`, with the number of each row's artist, and of each artist's genre, below `MUSIC_LIKE_GENRES`. */
export function musicLikeTracks(rows: number, dimension: number, seed: number) {
  const random = createRandom(seed);
  const directions = Math.min(64, dimension);
  // Directions are not orthogonal, which does no harm: it only changes the fall of the variances a little.
  const basis = Float64Array.from({ length: directions * dimension }, () => random.normal());
  for (let i = 0; i < directions; i++) {
    const scale = Math.sqrt(1 / (i + 1) / dimension / 5);
    for (let j = 0; j < dimension; j++) basis[i * dimension + j] *= scale;
  }
  const draw = (share: number) =>
    Float64Array.from({ length: directions }, () => Math.sqrt(share) * random.normal());
  const genres = Array.from({ length: MUSIC_LIKE_GENRES }, () => draw(0.25));
  const artists = Array.from({ length: Math.ceil(rows / 12) }, () => {
    const genre = Math.floor(random.uniform() * genres.length);
    const own = draw(0.3);
    const centre = genres[genre].map((value, i) => value + own[i]);
    return { genre, centre, variety: 0.5 + random.uniform() };
  });

  const vectors = new Float32Array(rows * dimension);
  const artistOf = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    artistOf[row] = Math.floor(random.uniform() * artists.length);
    const { centre, variety } = artists[artistOf[row]];
    const odd = random.uniform() < 0.03 ? 2 : 1;
    const own = draw(0.45 * variety * odd);
    for (let i = 0; i < directions; i++) {
      const amount = centre[i] + own[i];
      for (let j = 0; j < dimension; j++) vectors[row * dimension + j] += amount * basis[i * dimension + j];
    }
    const noise = Math.sqrt((0.1 * odd) / dimension);
    for (let j = 0; j < dimension; j++) vectors[row * dimension + j] += noise * random.normal();
  }
  return { vectors, artistOf, genreOfArtist: Uint8Array.from(artists, ({ genre }) => genre) };
}
