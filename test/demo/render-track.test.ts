import { expect, test } from 'vitest';
import { type CatalogueTrack, catalogue } from '../../demo/collection/catalogue.ts';
import { GENRES } from '../../demo/collection/genres.ts';
import { renderTrack } from '../../demo/collection/render-track.ts';
import { filter } from '../../demo/synth/filter.ts';
import { seededRandom } from '../../demo/synth/random.ts';
import type { Stereo } from '../../demo/synth/stereo.ts';

const SECONDS = 4;

const rootOf = (track: CatalogueTrack) => GENRES[track.artist.genre].root;

/** The first track of each artist. */
const firsts = [
  ...new Map(
    catalogue()
      .reverse()
      .map((track) => [track.artistId, track]),
  ).values(),
].reverse();

function play(track: CatalogueTrack): Stereo {
  return track.artist.compose(seededRandom(track.title), SECONDS);
}

const energy = (sound: Float32Array) => sound.reduce((sum, value) => sum + value * value, 0) / sound.length;

/** Corners in Hz between which the energy is measured. */
const BANDS = [0, 120, 250, 500, 1000, 2000, 4000, 8000];

const decibels = (value: number) => 10 * Math.log10(value + 1e-7);

/** What a short look tells: of each band the level of 100 ms, its mean and how far it strays, in dB. */
function fingerprint({ left }: Stereo): number[] {
  return BANDS.flatMap((low, index) => {
    const high = BANDS[index + 1];
    const part = low > 0 ? filter(left.slice(), 'highPass', low) : left.slice();
    if (high) filter(part, 'lowPass', high);
    const levels = Array.from({ length: SECONDS * 10 }, (_, i) =>
      decibels(energy(part.subarray(i * 4410, (i + 1) * 4410))),
    );
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    const spread = Math.sqrt(levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length);
    return [mean, spread];
  });
}

test('a track rendered twice is the same bytes, and they are MP3 frames at 192 kbit/s', async () => {
  const [track] = catalogue();
  const once = await renderTrack(track!, 2);
  expect((await renderTrack(track!, 2)).equals(once)).toBe(true);
  // MPEG-1 layer III without CRC, 192 kbit/s, 44.1 kHz.
  expect(once.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfb]));
  expect(once[2]! & 0xfc).toBe(0xb0);
  // 1152 samples a frame, and a frame or two of the encoder's delay.
  expect(once.length).toBeGreaterThan((2 * 192_000) / 8);
  expect(once.length).toBeLessThan((2.1 * 192_000) / 8);
});

test('two tracks of an artist are different pieces', () => {
  const [first, second] = catalogue();
  expect(second!.artist).toBe(first!.artist);
  expect(play(first!).left).not.toEqual(play(second!).left);
});

test('every artist plays from the start, at a sound level, without clipping', () => {
  for (const track of firsts) {
    const { left, right } = play(track);
    expect(left).toHaveLength(SECONDS * 44_100);
    for (const channel of [left, right]) {
      expect(channel.every((value) => Math.abs(value) < 0.98)).toBe(true);
      expect(10 * Math.log10(energy(channel.subarray(0, 44_100)))).toBeGreaterThan(-40);
    }
  }
});

test('styles differ: of two tracks of six artists, each is nearest to the other of its artist', () => {
  const styles = [...new Map(firsts.map((track) => [rootOf(track), track.artist])).values()];
  expect(styles).toHaveLength(6);
  const tracks = styles.flatMap((artist) =>
    catalogue()
      .filter((track) => track.artist === artist)
      .slice(0, 2),
  );
  const points = tracks.map((track) => fingerprint(play(track)));
  const nearest = points.map((point, index) => {
    const distances = points.map((other, j) =>
      j === index
        ? Number.POSITIVE_INFINITY
        : Math.hypot(...other.map((value, axis) => value - point[axis]!)),
    );
    return tracks[distances.indexOf(Math.min(...distances))]!.artist.name;
  });
  expect(nearest).toEqual(tracks.map((track) => track.artist.name));
});
