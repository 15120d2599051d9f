import { setImmediate as yieldToOthers } from "node:timers/promises";
import { readSegment } from "../segments/journal.ts";
import { findRecord, HEADER_BYTES, LINE_FEED, readRecord, readRows, type SpoolRecord } from "../segments/record.ts";
import { scanRecords } from "../segments/scan.ts";
import type { Segment } from "../segments/segment.ts";
import type { Damage } from "./damage.ts";
import type { Batch } from "./deliver-batch.ts";
import type { Scratch } from "./scratch.ts";

/** Checked or copied in a millisecond or two. */
const TURN_BYTES = 512 * 1024;

export type BatchLimits = { readonly rows: number; readonly bytes: number };

/** Consecutive records of one segment, to be delivered and acknowledged together. */
export type SegmentBatch = {
  /** Where the next batch starts. */
  readonly end: number;
  readonly rows: number;
  /** One for each table, in the order they first occur. */
  readonly parts: readonly Batch[];
};

type Options = {
  readonly segment: Segment;
  readonly from: number;
  /** The end of a batch that was begun before; null lets the limits decide. */
  readonly end: number | null;
  readonly limits: BatchLimits;
  readonly damage: Damage;
  /** Its content is valid until the next batch is read. */
  readonly scratch: Scratch;
};

/** Reads the next batch. The same `from` and `end` always give the same rows and tokens, whatever was appended since. */
export async function readBatch(options: Options): Promise<SegmentBatch> {
  const { records, to } = await readRecords(options);
  const { segment, from } = options;
  const rowsByTable = new Map<string, Buffer[]>();
  for (const record of records) {
    const { table, lines } = readRows(record.body);
    const sameTable = rowsByTable.get(table);
    if (sameTable) sameTable.push(lines);
    else rowsByTable.set(table, [lines]);
  }
  const parts: Batch[] = [];
  for (const [table, lines] of rowsByTable) {
    const joined = await joinRowsInTurns(lines, rowsByTable.size === 1);
    parts.push({ table, lines: joined, token: `${segment.id}-${from}-${to}-${table}` });
  }
  return { end: to, rows: records.reduce((sum, record) => sum + record.rows, 0), parts };
}

type Found = { readonly records: readonly SpoolRecord[]; readonly to: number };

async function readRecords(options: Options): Promise<Found> {
  const { segment, from, end, limits, scratch } = options;
  if (end !== null) return readAgain({ ...options, end });
  const wanted = Math.min(segment.size, from + limits.bytes);
  let buffer = await readSegment(segment, { from, to: wanted, into: scratch.take(wanted - from) });
  const first = readRecord(buffer, 0, segment.number);
  if (first.kind === "short" && from + first.needed <= segment.size) buffer = await readLonger(segment, from, wanted);
  const { records, length } = await takeWhole(buffer, segment.number, limits.rows);
  return records.length > 0 ? { records, to: from + length } : skipDamage(options);
}

/** One record is longer than the limit, according to its header. */
async function readLonger(segment: Segment, from: number, tried: number): Promise<Buffer> {
  const head = await readSegment(segment, {
    from,
    to: Math.min(segment.size, Math.max(tried, from + HEADER_BYTES)),
  });
  const result = readRecord(head, 0, segment.number);
  if (result.kind !== "short") return head;
  return readSegment(segment, { from, to: Math.min(segment.size, from + result.needed) });
}

/** Whole records from the start of a buffer, up to a number of rows. */
async function takeWhole(buffer: Buffer, segment: number, maxRows: number) {
  const records: SpoolRecord[] = [];
  const turn = createTurn();
  let rows = 0;
  let length = 0;
  while (rows < maxRows) {
    await turn.after(records.at(-1)?.body.length ?? 0);
    const result = readRecord(buffer, length, segment);
    if (result.kind !== "record" || (rows > 0 && rows + result.record.rows > maxRows)) break;
    records.push(result.record);
    rows += result.record.rows;
    length = result.record.to;
  }
  return { records, length };
}

/**
 * Joins rows of many records to one text. Rows of a single table are compacted in place, over the headers between them.
 */
async function joinRowsInTurns(lines: readonly Buffer[], isInPlace: boolean): Promise<Buffer> {
  const [first] = lines;
  if (lines.length === 1 && first) return first;
  const length = lines.reduce((sum, line) => sum + line.length + 1, -1);
  const joined =
    isInPlace && first ? Buffer.from(first.buffer, first.byteOffset, length) : Buffer.allocUnsafeSlow(length);
  const turn = createTurn();
  let end = 0;
  for (const line of lines) {
    if (end > 0) joined[end++] = LINE_FEED;
    end += isInPlace && line === first ? line.length : line.copy(joined, end);
    await turn.after(line.length);
  }
  return joined;
}

/** Yields to other work after every few megabytes: a batch can contain many, and requests wait meanwhile. */
function createTurn() {
  let bytes = 0;
  return {
    async after(length: number): Promise<void> {
      bytes += length;
      if (bytes < TURN_BYTES) return;
      bytes = 0;
      await yieldToOthers();
    },
  };
}

async function readAgain({ segment, from, end, damage }: Options & { end: number }): Promise<Found> {
  const buffer = await readSegment(segment, { from, to: Math.min(end, segment.size) });
  const { records, damaged, tornFrom } = scanRecords(buffer, 0, segment.number);
  const ranges = tornFrom === null ? damaged : [...damaged, { from: tornFrom, to: buffer.length }];
  for (const range of ranges) {
    await damage.setAside(
      segment,
      { from: from + range.from, to: from + range.to },
      buffer.subarray(range.from, range.to),
    );
  }
  return { records, to: end };
}

/** The bytes at `from` have no valid checksum: sets them aside up to the next complete record. */
async function skipDamage({ segment, from, damage }: Options): Promise<Found> {
  const buffer = await readSegment(segment, { from, to: segment.size });
  const next = findRecord(buffer, 1, segment.number);
  const length = next < 0 ? buffer.length : next;
  await damage.setAside(segment, { from, to: from + length }, buffer.subarray(0, length));
  return { records: [], to: next < 0 ? segment.size : from + next };
}
