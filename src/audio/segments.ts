import { DESCRIPTORS, type DescriptorName, HOP_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import type { ClipSeries } from './series.ts';

const SEGMENT_LENGTH = 5 * SAMPLE_RATE;
/** Frames that a rest must have to be a segment: 2.5 s, wherever it begins, have as many. */
const LEAST_FRAMES = Math.floor(SEGMENT_LENGTH / 2 / HOP_LENGTH);

/** The descriptors that a search by sound goes by, in the order of a segment's values. */
const SEGMENT_DESCRIPTORS: readonly DescriptorName[] = [
  'mfcc',
  'spectral_contrast',
  'chroma_stft',
  'spectral_centroid',
  'spectral_bandwidth',
  'spectral_rolloff',
  'spectral_flatness',
  'zcr',
  'rms',
  'onset_strength',
];

export interface Segments {
  count: number;
  /** count × 2 × bands, row-major: the means of all bands, then their standard deviations. */
  values: Float32Array;
}

/** Sums over the frames of the segment under way, of each band. */
interface Sums {
  frames: number;
  /** The values of the first frame: sums of the distance to them do not lose a small deviation from a large mean. */
  origin: Float64Array;
  distances: Float64Array;
  squares: Float64Array;
}

/** The first frame whose centre lies in a segment. */
const firstFrame = (segment: number) => Math.ceil((segment * SEGMENT_LENGTH) / HOP_LENGTH);

/**
 * Mean and standard deviation (ddof 0) of a track's descriptors over each 5 s. A frame belongs to the segment that
 * its centre lies in; a rest of fewer than 107 frames (2.5 s) belongs to none, unless it is all there is.
 *
 * @param descriptors Those of the series. All that segments tell of have 46 bands; others are left out.
 * @returns `add` takes the next frames of the track, any number of them.
 */
export function createSegments<Name extends DescriptorName>(
  descriptors: readonly Name[],
): { add(series: Readonly<ClipSeries<Name>>): void; end(): Segments } {
  const isPresent = (name: DescriptorName): name is Name => descriptors.some((given) => given === name);
  const present = SEGMENT_DESCRIPTORS.filter(isPresent);
  const bands = present.reduce((sum, name) => sum + DESCRIPTORS[name], 0);
  const finished: Float32Array[] = [];
  let sums = noFrames(bands);

  return {
    add(series) {
      for (let done = 0; done < series.frames; ) {
        const lacking = firstFrame(finished.length + 1) - firstFrame(finished.length) - sums.frames;
        const frames = Math.min(lacking, series.frames - done);
        let place = 0;
        for (const name of present) {
          const width = DESCRIPTORS[name];
          addFrames(series[name].subarray(done * width, (done + frames) * width), width, sums, place);
          place += width;
        }
        sums.frames += frames;
        done += frames;
        if (frames < lacking) return;
        finished.push(spreadOf(sums));
        sums = noFrames(bands);
      }
    },
    end() {
      const isAll = finished.length === 0 && sums.frames > 0;
      if (isAll || sums.frames >= LEAST_FRAMES) finished.push(spreadOf(sums));
      const values = new Float32Array(finished.length * 2 * bands);
      finished.forEach((row, segment) => {
        values.set(row, segment * 2 * bands);
      });
      return { count: finished.length, values };
    },
  };
}

function noFrames(bands: number): Sums {
  const [origin, distances, squares] = Array.from({ length: 3 }, () => new Float64Array(bands));
  return { frames: 0, origin, distances, squares };
}

/**
 * @param values Frames × width.
 * @param place Of the first band in the sums.
 */
function addFrames(values: Float32Array, width: number, sums: Sums, place: number): void {
  const { origin, distances, squares } = sums;
  if (sums.frames === 0) origin.set(values.subarray(0, width), place);
  for (let i = 0; i < values.length; i += width) {
    for (let band = 0; band < width; band++) {
      const distance = values[i + band] - origin[place + band];
      distances[place + band] += distance;
      squares[place + band] += distance * distance;
    }
  }
}

function spreadOf({ frames, origin, distances, squares }: Sums): Float32Array {
  const bands = origin.length;
  const row = new Float32Array(2 * bands);
  for (let band = 0; band < bands; band++) {
    const distance = distances[band] / frames;
    row[band] = origin[band] + distance;
    row[bands + band] = Math.sqrt(Math.max(0, squares[band] / frames - distance * distance));
  }
  return row;
}
