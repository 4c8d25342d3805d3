/** Tables of entries behind a version, flags and a count of 4 bytes each, and the bytes of an entry (ISO 14496-12 §8). */
const ENTRY_BYTES: Record<string, number> = { stts: 8, stsc: 12, stco: 4, co64: 8 };
/** Optional fields of a fragment's samples, 4 bytes each (§8.8.8). */
const RUN_FIELDS = [0x100, 0x200, 0x400, 0x800];

/**
 * Whether a table of samples has room for as many entries as it names. The decoder believes the number, and would
 * count to it, or fill the memory.
 *
 * @param type Of the box; any other than that of a table fits.
 * @param bytes Its content, as far as the file has it.
 */
export function tableFits(type: string, bytes: Uint8Array, fileSize: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = type === 'stsz' ? 8 : 4;
  if (type !== 'stsz' && type !== 'trun' && !(type in ENTRY_BYTES)) return true;
  if (bytes.length < place + 4) return false;
  const count = view.getUint32(place);
  if (type === 'stsz') {
    const sampleBytes = view.getUint32(4);
    return sampleBytes === 0 ? 12 + 4 * count <= bytes.length : count * sampleBytes <= fileSize;
  }
  if (type === 'trun') {
    const flags = view.getUint32(0) & 0xffffff;
    const fields = RUN_FIELDS.filter((field) => flags & field).length;
    // Samples that all have the fragment's size have no fields; each takes a byte of the file at the least.
    return 8 + 4 * fields * count <= bytes.length && count <= fileSize;
  }
  return 8 + ENTRY_BYTES[type] * count <= bytes.length;
}
