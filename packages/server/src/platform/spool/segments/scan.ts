import { findRecord, readRecord, type SpoolRecord } from "./record.ts";

export type Range = { readonly from: number; readonly to: number };

export type Scan = {
  readonly records: readonly SpoolRecord[];
  /** Bytes that belong to no whole record and have one after them, or that were written in full and do not fit their checksum. */
  readonly damaged: readonly Range[];
  /** Where an incomplete record starts that nothing whole follows: a write that was cut off. */
  readonly tornFrom: number | null;
};

/** Reads every whole record of a segment, by its number, from an offset to the buffer's end. Never throws, whatever the bytes are. */
export function scanRecords(buffer: Buffer, start: number, segment: number): Scan {
  const records: SpoolRecord[] = [];
  const damaged: Range[] = [];
  let at = start;
  while (at < buffer.length) {
    const result = readRecord(buffer, at, segment);
    if (result.kind === "record") {
      records.push(result.record);
      at = result.record.to;
      continue;
    }
    const next = findRecord(buffer, at + 1, segment);
    if (next < 0 && (result.kind === "short" || isBlank(buffer, at))) return { records, damaged, tornFrom: at };
    const to = next < 0 ? buffer.length : next;
    damaged.push({ from: at, to });
    at = to;
  }
  return { records, damaged, tornFrom: null };
}

/** After a power cut a file can have its new length but zeros in it. */
const isBlank = (buffer: Buffer, from: number) => buffer.subarray(from).every((byte) => byte === 0);
