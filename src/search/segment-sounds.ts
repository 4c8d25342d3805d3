import type { Table, Vector } from 'apache-arrow';
import { ASPECTS, type Aspect, SOUND_VALUES, type SoundLayout, type SoundValue } from './aspects.ts';
import { withDerived } from './derived-columns.ts';
import { dimensionOf, type Layout, rawVector } from './feature-vector.ts';
import { type Scaling, scaleVector, scalingOf } from './scaling.ts';
import { encodeTable, matrixColumn, numberColumn, numbersOf } from './segment-arrow.ts';

/** How the rows of an aspect were made. */
export interface AspectForm {
  layout: Layout;
  scaling: Scaling;
}

export type AspectForms = Partial<Record<Aspect, AspectForm>>;

/** The sound of a segment's tracks beside their vectors, as far as the preset tells it. */
export interface SegmentSounds {
  /** rows × dimension of the aspect, row-major: scaled and weighted. */
  aspects: Partial<Record<Aspect, Float32Array>>;
  /** One value a row, as they were measured. */
  values: Partial<Record<SoundValue, Float32Array>>;
}

/** A track by the whole of a sound layout, neither scaled nor weighted. @param columns Of a shard, by name. */
export function rawSound(columns: Record<string, ArrayLike<number>>, { whole }: SoundLayout): Float32Array {
  return rawVector(withDerived(columns), whole);
}

/** One aspect of a sound that need not be of the segment, as the segment's rows are. */
export function aspectVector(columns: Record<string, ArrayLike<number>>, form: AspectForm): Float32Array {
  return scaleVector(rawVector(withDerived(columns), form.layout), form.scaling, form.layout);
}

/**
 * Takes raw sounds apart, and scales their aspects.
 *
 * @param raws As `rawSound` makes them, in the order of the segment's rows.
 * @param given What the aspects were scaled by before, for rows that join others; else they are scaled by themselves.
 */
export function scaleSounds(
  raws: readonly Float32Array[],
  { aspects, values }: SoundLayout,
  given?: AspectForms,
): SegmentSounds & { forms: AspectForms } {
  const scaled: SegmentSounds & { forms: AspectForms } = { forms: {}, aspects: {}, values: {} };
  let start = 0;
  const take = (width: number) => {
    const taken = new Float32Array(raws.length * width);
    raws.forEach((raw, row) => {
      taken.set(raw.subarray(start, start + width), row * width);
    });
    start += width;
    return taken;
  };
  for (const aspect of ASPECTS) {
    const layout = aspects[aspect];
    if (!layout) continue;
    const width = dimensionOf(layout);
    const rows = take(width);
    const form = given?.[aspect] ?? { layout, scaling: scalingOf(rows, layout) };
    for (let at = 0; at < rows.length; at += width) {
      rows.set(scaleVector(rows.subarray(at, at + width), form.scaling, layout), at);
    }
    scaled.forms[aspect] = form;
    scaled.aspects[aspect] = rows;
  }
  for (const value of values) scaled.values[value] = take(1);
  return scaled;
}

/** A row a track: a list column an aspect, a number column a value. */
export function encodeSounds({ aspects, values }: SegmentSounds, forms: AspectForms): Uint8Array {
  const columns: Record<string, Vector> = {};
  for (const aspect of ASPECTS) {
    const [rows, form] = [aspects[aspect], forms[aspect]];
    if (rows && form) columns[aspect] = matrixColumn(rows, dimensionOf(form.layout));
  }
  for (const value of SOUND_VALUES) {
    const numbers = values[value];
    // The loudness is an aspect as well as a value.
    if (numbers) columns[`${value}_value`] = numberColumn(numbers);
  }
  return encodeTable(columns);
}

/** @throws Error where the table is not as `encodeSounds` writes it for so many rows. */
export function decodeSounds(table: Table, rows: number, forms: AspectForms): SegmentSounds {
  const sounds: SegmentSounds = { aspects: {}, values: {} };
  const read = (column: string, width: number) => {
    const numbers = numbersOf(table, column, Float32Array);
    if (numbers.length === rows * width) return numbers;
    throw new Error(`${column} has ${numbers.length} values in place of ${rows} times ${width}`);
  };
  for (const aspect of ASPECTS) {
    const form = forms[aspect];
    if (form) sounds.aspects[aspect] = read(aspect, dimensionOf(form.layout));
  }
  for (const value of SOUND_VALUES) {
    const column = `${value}_value`;
    if (table.getChild(column)) sounds.values[value] = read(column, 1);
  }
  return sounds;
}
