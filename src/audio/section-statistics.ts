import { type ClipStatistics, DESCRIPTORS, type DescriptorName, SCALARS } from './descriptors.ts';
import { type KeptRows, keepRows, noRows } from './kept-rows.ts';
import { medianInPlace } from './median.ts';
import { type Moments, mergeMoments, momentsOf } from './moments.ts';
import type { ClipSeries } from './series.ts';
import {
  type BandStatistics,
  emptyStatistics,
  forEachColumn,
  rowStatistics,
  writeStatistics,
} from './statistics.ts';

/** The strength that tells which section's value is a long track's; of the others the median is taken. */
const STRENGTHS: Partial<Record<DescriptorName, DescriptorName>> = {
  tempo: 'tempo_strength',
  tempo_strength: 'tempo_strength',
  key: 'key_strength',
  key_strength: 'key_strength',
};

/** Puts the sections of a long track together. */
export interface SectionStatistics {
  /** @param series Of the next section; not kept. */
  add(series: ClipSeries): void;
  statistics(): ClipStatistics;
}

/** What is known of a descriptor with a value a frame. */
interface FrameState {
  /** Of each band. */
  moments: Moments[];
  kept: KeptRows;
}

/** The values of a section that are one for all of it. */
interface SectionScalars {
  frames: number;
  values: Map<DescriptorName, Float32Array>;
}

/**
 * The statistics of a track as `summarise` has them, of sections that are seen one at a time. Moments are merged
 * exactly, in float64; the median is that of all frames as far as they can be kept, and of every second, fourth,
 * … beyond. What has one value a section is taken from one of them.
 */
export function createSectionStatistics(descriptors: readonly DescriptorName[]): SectionStatistics {
  const states = new Map<DescriptorName, FrameState>();
  const scalars: SectionScalars[] = [];
  for (const name of descriptors) {
    if (!SCALARS.includes(name)) states.set(name, { moments: [], kept: noRows(DESCRIPTORS[name]) });
  }
  return {
    add(series) {
      for (const [name, state] of states) addFrames(series[name], state);
      const ofSection = descriptors.filter((name) => SCALARS.includes(name));
      const values = new Map(ofSection.map((name) => [name, series[name].slice()]));
      scalars.push({ frames: series.frames, values });
    },
    statistics() {
      const entries = descriptors.map((name) => {
        const state = states.get(name);
        return [
          name,
          state ? statisticsOf(state) : rowStatistics(scalarOf(name, scalars), DESCRIPTORS[name]),
        ];
      });
      return Object.fromEntries(entries);
    },
  };
}

function addFrames(rows: Float32Array, { moments, kept }: FrameState): void {
  forEachColumn(rows, kept.bands, (column, band) => {
    const added = momentsOf(column);
    moments[band] = moments[band] ? mergeMoments(moments[band], added) : added;
  });
  keepRows(kept, rows);
}

function statisticsOf({ moments, kept }: FrameState): BandStatistics {
  const result = emptyStatistics(kept.bands);
  forEachColumn(kept.values.subarray(0, kept.count * kept.bands), kept.bands, (column, band) => {
    writeStatistics(moments[band], medianInPlace(column), band, result);
  });
  return result;
}

function scalarOf(name: DescriptorName, sections: SectionScalars[]): Float32Array {
  const strength = STRENGTHS[name];
  const known = strength !== undefined && sections[0].values.has(strength);
  return (known ? strongest(strength, sections) : middle(name, sections)).values.get(name)!;
}

/** The first of several that are as strong. */
function strongest(strength: DescriptorName, sections: SectionScalars[]): SectionScalars {
  return sections.reduce((best, section) =>
    section.values.get(strength)![0] > best.values.get(strength)![0] ? section : best,
  );
}

/** The section with the median value, each counted by its length; the lower one of two. */
function middle(name: DescriptorName, sections: SectionScalars[]): SectionScalars {
  const ordered = sections.toSorted((a, b) => a.values.get(name)![0] - b.values.get(name)![0]);
  const half = sections.reduce((sum, { frames }) => sum + frames, 0) / 2;
  let frames = 0;
  return ordered.find((section) => {
    frames += section.frames;
    return frames >= half;
  })!;
}
