/** A file of records. Only the newest one grows, and only by whole groups that are synced. */
export type Segment = {
  readonly number: number;
  /** Random, from the file's head: no two spools ever make the same deduplication token. */
  readonly id: string;
  readonly path: string;
  /** Where the last synced record ends. */
  size: number;
  /** Rows in it that are not delivered yet. */
  pendingRows: number;
};

const MAGIC = Buffer.from("TRSPOOL1");
const ID_BYTES = 16;
export const SEGMENT_HEADER_BYTES = MAGIC.length + ID_BYTES;

export const segmentHeader = (id: Buffer) => Buffer.concat([MAGIC, id]);
export const newSegmentId = (randomBytes: (size: number) => Buffer) => randomBytes(ID_BYTES);

/** The id a segment's head holds. A damaged head still gives the same id at each start, and that is all a token needs. */
export const readSegmentId = (content: Buffer) => content.toString("hex", MAGIC.length, SEGMENT_HEADER_BYTES);

export const segmentName = (number: number) => `segment-${String(number).padStart(12, "0")}.log`;

/** The number in a segment's file name, or null for another file. */
export function segmentNumber(name: string): number | null {
  const digits = /^segment-(\d{12})\.log$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
