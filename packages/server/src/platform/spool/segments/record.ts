import { crc32 } from "node:zlib";
import type { EncodedRows } from "../port.ts";

/** 0xF5 occurs in no UTF-8 text, so a search for the start of a record can never end inside a row. */
const MAGIC = Buffer.from([0xf5, 0x54, 0x52, 0x31]);
/** Larger than any row that fits a JavaScript string: a length above it is damage. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;
export const HEADER_BYTES = 28;
export const LINE_FEED = 0x0a;
const BREAK = Buffer.of(LINE_FEED);

/** A record without its place: `seal` fills in sequence, time and checksum once it is known where it goes. */
export type UnsealedRecord = {
  readonly bytes: Buffer;
  /** The bytes after `bytes`: rows that another thread encoded, which are not copied again. */
  readonly rest?: Uint8Array;
  readonly rows: number;
};

export const lengthOf = ({ bytes, rest }: UnsealedRecord): number => bytes.length + (rest?.byteLength ?? 0);

export type SpoolRecord = {
  /** Offsets in the buffer it was read from; `to` is where the next one starts. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly sequence: number;
  /** Milliseconds since 1970 at which it was written. */
  readonly time: number;
  /** The table's name, a line feed, and the rows as lines of JSON. */
  readonly body: Buffer;
};

/** `short`: the buffer ends before the record does. `needed` is the record's end. */
export type ReadResult =
  | { readonly kind: "record"; readonly record: SpoolRecord }
  | { readonly kind: "short"; readonly needed: number }
  | { readonly kind: "damaged" };

/** Rows on their way into one record. */
export type OpenRecord = {
  rows(): number;
  /** The buffer, which is larger than the content. */
  readonly bytes: Buffer;
  /** Adds a row as a line of JSON. False if there is no room; then nothing was added. */
  add(line: string): boolean;
  finish(): UnsealedRecord;
};

/** A UTF-16 code unit takes at most this many bytes in UTF-8. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Starts a record in `bytes`, or in a longer separate buffer for a row that does not fit. Rows are bytes as soon as
 * they are added: the garbage collector would move waiting strings, at more cost than encoding them.
 */
export function beginRecord(table: string, { bytes: given, line }: { bytes: Buffer; line: string }): OpenRecord {
  const head = `${table}\n`;
  const needed = HEADER_BYTES + Buffer.byteLength(head) + Buffer.byteLength(line);
  const bytes = needed <= given.length ? given : Buffer.allocUnsafeSlow(needed);
  MAGIC.copy(bytes);
  let end = HEADER_BYTES + bytes.write(head, HEADER_BYTES);
  end += bytes.write(line, end);
  let rows = 1;
  return {
    bytes,
    rows: () => rows,
    add(next) {
      const room = bytes.length - end - 1;
      if (next.length * MOST_BYTES_A_UNIT > room && Buffer.byteLength(next) > room) return false;
      bytes[end] = LINE_FEED;
      end += 1 + bytes.write(next, end + 1);
      rows += 1;
      return true;
    },
    finish() {
      bytes.writeUInt32BE(end - HEADER_BYTES, 4);
      bytes.writeUInt32BE(rows, 12);
      return { bytes: bytes.subarray(0, end), rows };
    },
  };
}

/**
 * Lays rows out as one record. On disk, big-endian: magic 4 bytes, body length 4, CRC-32 4, rows 4, sequence 6, time 6,
 * body. The checksum covers all but the magic and itself, and starts with the segment's number, so that a stale block
 * of a deleted file is never accepted as a record of this one. Sequences count up from 1 within a segment.
 */
export function layRecord(table: string, lines: readonly string[]): UnsealedRecord {
  const text = `${table}\n${lines.join("\n")}`;
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(length, 4);
  bytes.writeUInt32BE(lines.length, 12);
  bytes.write(text, HEADER_BYTES);
  return { bytes, rows: lines.length };
}

/** Writes the header of a record before rows that another thread encoded. */
export function layLines({ table, lines, rows }: EncodedRows): UnsealedRecord {
  const head = Buffer.from(`${table}\n`);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + head.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(head.length + lines.byteLength, 4);
  bytes.writeUInt32BE(rows, 12);
  head.copy(bytes, HEADER_BYTES);
  return { bytes, rest: lines, rows };
}

/** Writes into a record where it goes, and gives its bytes in the order in which they are written. */
export function sealRecord(
  { bytes, rest }: UnsealedRecord,
  { segment, sequence, time }: { segment: number; sequence: number; time: number },
): readonly Uint8Array[] {
  bytes.writeUIntBE(sequence, 16, 6);
  bytes.writeUIntBE(time, 22, 6);
  const begun = checksum(bytes, segment);
  bytes.writeUInt32BE(rest ? crc32(rest, begun) : begun, 8);
  return rest ? [bytes, rest] : [bytes];
}

/** Reads the record that starts at `from`; `segment` is the number of the file it is in. */
export function readRecord(buffer: Buffer, from: number, segment: number): ReadResult {
  if (buffer.length - from < HEADER_BYTES) return { kind: "short", needed: from + HEADER_BYTES };
  const length = buffer.readUInt32BE(from + 4);
  if (!hasMagic(buffer, from) || length > MAX_BODY_BYTES) return { kind: "damaged" };
  const to = from + HEADER_BYTES + length;
  if (to > buffer.length) return { kind: "short", needed: to };
  if (checksum(buffer.subarray(from, to), segment) !== buffer.readUInt32BE(from + 8)) return { kind: "damaged" };
  const rows = buffer.readUInt32BE(from + 12);
  const sequence = buffer.readUIntBE(from + 16, 6);
  const time = buffer.readUIntBE(from + 22, 6);
  return { kind: "record", record: { from, to, rows, sequence, time, body: buffer.subarray(from + HEADER_BYTES, to) } };
}

/** Where the next whole record after a damaged place starts, or -1. */
export function findRecord(buffer: Buffer, after: number, segment: number): number {
  for (let at = buffer.indexOf(MAGIC, after); at >= 0; at = buffer.indexOf(MAGIC, at + 1)) {
    if (readRecord(buffer, at, segment).kind === "record") return at;
  }
  return -1;
}

/** The table of a record's body, and its rows: lines of JSON with line feeds between them. */
export function readRows(body: Buffer): { table: string; lines: Buffer } {
  const end = body.indexOf(LINE_FEED);
  return { table: body.toString("utf8", 0, end), lines: body.subarray(end + 1) };
}

/** Many rows as one text, with line feeds between them. */
export function joinRows(lines: readonly Buffer[]): Buffer {
  const [only] = lines;
  if (lines.length === 1 && only) return only;
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [BREAK, line])));
}

/** The reverse: each row separately. */
export function splitRows(lines: Buffer): Buffer[] {
  const rows: Buffer[] = [];
  let from = 0;
  for (let end = lines.indexOf(LINE_FEED); end >= 0; end = lines.indexOf(LINE_FEED, from)) {
    rows.push(lines.subarray(from, end));
    from = end + 1;
  }
  return [...rows, lines.subarray(from)];
}

const hasMagic = (buffer: Buffer, from: number) => buffer.readUInt32BE(from) === MAGIC.readUInt32BE(0);

const checksum = (record: Buffer, segment: number) => crc32(record.subarray(12), crc32(record.subarray(4, 8), segment));
