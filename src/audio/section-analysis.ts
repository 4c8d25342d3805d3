import { type ClipStatistics, DESCRIPTORS, type DescriptorName, HOP_LENGTH, SCALARS } from './descriptors.ts';
import { createSectionStatistics } from './section-statistics.ts';
import { createSegments, type Segments } from './segments.ts';
import { analyseSignal, type ClipSeries } from './series.ts';
import { summarise } from './statistics.ts';

/** Frames of a section, 5 minutes. A track of up to two of them, 10 minutes, is analysed as one. */
const SECTION_FRAMES = 12_920;
const MOST_FRAMES = 2 * SECTION_FRAMES;
/**
 * Frames around a section that are analysed with it and not counted, 5 s: no descriptor of a frame looks further,
 * so the frames of a track are the same ones wherever it is cut.
 */
const CONTEXT_FRAMES = 216;
const MOST_SAMPLES = (CONTEXT_FRAMES + MOST_FRAMES) * HOP_LENGTH;
/** Room to begin with, for 95 s. */
const LEAST_ROOM = 1 << 21;
/** Such rooms that no clip uses now: the first write to fresh memory costs more than the value that is written. */
const idle: Float32Array[] = [];

/** Analyses a signal that comes in blocks of any length. */
export interface SectionAnalysis {
  write(samples: Float32Array): void;
  end(): { statistics: ClipStatistics; segments: Segments };
}

/**
 * Statistics and segments of a mono signal at 22,050 Hz. Up to 10 minutes they are those of `analyseSignal`. What is longer
 * is cut into sections of 5 minutes, the last one of 5 to 10, which are analysed one after the other and
 * forgotten: each has a tuning, a tempo and a loudest frame of its own.
 */
export function createSectionAnalysis(descriptors: readonly DescriptorName[]): SectionAnalysis {
  const sections = createSectionStatistics(descriptors);
  const segments = createSegments(descriptors);
  let signal: Float32Array = idle.pop() ?? new Float32Array(LEAST_ROOM);
  let length = 0;
  /** Frames at the start of `signal` that belong to the section before. */
  let lead = 0;

  const add = (samples: Float32Array) => {
    if (length + samples.length > signal.length) {
      const larger = new Float32Array(MOST_SAMPLES);
      larger.set(signal.subarray(0, length));
      signal = larger;
    }
    signal.set(samples, length);
    length += samples.length;
  };

  const addSection = (series: ClipSeries) => {
    sections.add(series);
    segments.add(series);
  };

  const analyseSection = () => {
    const end = lead + SECTION_FRAMES;
    const series = analyseSignal(signal.subarray(0, (end + CONTEXT_FRAMES) * HOP_LENGTH), descriptors);
    addSection(framesOf(series, descriptors, lead, end));
    const start = (end - CONTEXT_FRAMES) * HOP_LENGTH;
    signal.copyWithin(0, start, length);
    length -= start;
    lead = CONTEXT_FRAMES;
  };

  return {
    write(samples) {
      for (let done = 0; done < samples.length; ) {
        const room = (lead + MOST_FRAMES) * HOP_LENGTH - length;
        if (room === 0) analyseSection();
        else {
          const part = samples.subarray(done, done + room);
          add(part);
          done += part.length;
        }
      }
    },
    end() {
      const series = analyseSignal(signal.subarray(0, length), descriptors);
      if (signal.length === LEAST_ROOM) idle.push(signal);
      if (lead === 0) {
        segments.add(series);
        return { statistics: summarise(series), segments: segments.end() };
      }
      addSection(framesOf(series, descriptors, lead, series.frames));
      return { statistics: sections.statistics(), segments: segments.end() };
    },
  };
}

function framesOf(
  series: ClipSeries,
  descriptors: readonly DescriptorName[],
  first: number,
  end: number,
): ClipSeries {
  const entries = descriptors.map((name) => {
    const bands = DESCRIPTORS[name];
    const values = series[name];
    return [name, SCALARS.includes(name) ? values : values.subarray(first * bands, end * bands)];
  });
  return { frames: end - first, ...Object.fromEntries(entries) };
}
