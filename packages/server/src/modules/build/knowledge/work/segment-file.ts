import { z } from "zod";

/** A chunk as its segment holds it. Offsets are UTF-16 offsets in the canonical text, ends are exclusive. */
const SegmentChunk = z.object({
  id: z.string(),
  start: z.number(),
  end: z.number(),
  page: z.number().nullable(),
  lastPage: z.number().nullable(),
  headings: z.array(z.string()),
  tokens: z.number(),
  /** Of what was embedded: the chunk with the title and the headings. */
  embeddedHash: z.string(),
  /** Its bytes among the texts of the segment. */
  textStart: z.number(),
  textEnd: z.number(),
});
export type SegmentChunk = z.output<typeof SegmentChunk>;

const SegmentMeta = z.object({
  format: z.literal(1),
  documentId: z.string(),
  language: z.string(),
  dimensions: z.number(),
  chunks: z.array(SegmentChunk),
});
export type SegmentMeta = z.output<typeof SegmentMeta>;

export type Segment = {
  readonly meta: SegmentMeta;
  /** The terms of the chunks, as `@treadle/retrieval` packs them. */
  readonly terms: Uint8Array;
  /** `meta.dimensions` numbers per chunk. */
  readonly vectors: Float32Array;
};

/** The four lengths at the start, as little-endian 32-bit integers: description, terms, vectors, texts. */
const HEAD_BYTES = 16;

/** The chunks of one document with their terms and vectors, as one file. `texts` are those of the chunks, in their order. */
export function writeSegment({ meta, terms, vectors }: Segment, texts: readonly Uint8Array[]): Buffer {
  const described = Buffer.from(JSON.stringify(meta));
  const numbers = Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  const textBytes = texts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const head = Buffer.alloc(HEAD_BYTES);
  for (const [at, length] of [described.length, terms.byteLength, numbers.length, textBytes].entries())
    head.writeUInt32LE(length, 4 * at);
  return Buffer.concat([head, described, terms, numbers, ...texts]);
}

const cutOff = (bytes: number) =>
  new TypeError(`The segment is cut off: it has only ${bytes} bytes. Delete its document and upload it again.`);

type Parts = { readonly meta: Range; readonly terms: Range; readonly vectors: Range; readonly texts: Range };
type Range = { readonly start: number; readonly end: number };

/** Where the parts of a segment file are. Throws a `TypeError` for less than a head. */
export function partsOf(head: Uint8Array): Parts {
  if (head.byteLength < HEAD_BYTES) throw cutOff(head.byteLength);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let start = HEAD_BYTES;
  const next = (at: number) => {
    const range = { start, end: start + view.getUint32(4 * at, true) };
    start = range.end;
    return range;
  };
  return { meta: next(0), terms: next(1), vectors: next(2), texts: next(3) };
}
export const SEGMENT_HEAD = { start: 0, end: HEAD_BYTES };

/** Reads a segment without its texts. Throws a `TypeError` for a file of another format, or if a part is missing. */
export function readSegment(file: Uint8Array): Segment {
  const parts = partsOf(file.subarray(0, HEAD_BYTES));
  if (file.byteLength < parts.texts.end) throw cutOff(file.byteLength);
  const meta = readMeta(file.subarray(parts.meta.start, parts.meta.end));
  const vectorBytes = parts.vectors.end - parts.vectors.start;
  const numbers = meta.dimensions * meta.chunks.length;
  if (vectorBytes !== 4 * numbers)
    throw new TypeError(
      `The segment has ${vectorBytes / 4} numbers for ${meta.chunks.length} chunks instead of ${numbers}.`,
    );
  const vectors = new Float32Array(numbers);
  new Uint8Array(vectors.buffer).set(file.subarray(parts.vectors.start, parts.vectors.end));
  return { meta, terms: file.slice(parts.terms.start, parts.terms.end), vectors };
}

/** Reads the description of a segment. Throws a `TypeError` for anything else. */
export function readMeta(bytes: Uint8Array): SegmentMeta {
  try {
    return SegmentMeta.parse(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()));
  } catch (cause) {
    throw new TypeError("The file is not a segment that this version of Treadle can read.", { cause });
  }
}
