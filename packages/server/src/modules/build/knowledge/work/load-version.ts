import { readFile } from "node:fs/promises";
import {
  buildLexicalIndex,
  createVectorTable,
  type LexicalIndex,
  readSegmentTerms,
  type VectorTable,
} from "@treadle/retrieval";
import { partsOf, readSegment, type SegmentChunk, type SegmentMeta } from "./segment-file.ts";

/** Each file begins with the line that names its base. */
export type PlacedSegment = {
  readonly documentId: string;
  readonly object: string;
  readonly path: string;
  readonly skip: number;
};

/** The chunks of an index version in memory, by their ordinals: those of the first document come first. */
export type VersionIndex = {
  readonly lexical: LexicalIndex;
  /** Null for a version without chunks. */
  readonly vectors: VectorTable | null;
  /** The languages of the documents, the most frequent first. */
  readonly languages: readonly string[];
  readonly documents: readonly { readonly documentId: string; readonly first: number; readonly count: number }[];
  readonly chunks: readonly IndexedChunk[];
  readonly bytes: number;
};
export type IndexedChunk = SegmentChunk & {
  readonly documentId: string;
  /** The object that holds the segment. */
  readonly object: string;
  /** The bytes of its text in the segment. */
  readonly from: number;
  readonly to: number;
};

/** Reads the segments of a version. Throws if one is damaged, or if two have vectors of different models. */
export async function openVersionIndex(placed: readonly PlacedSegment[]): Promise<VersionIndex> {
  const chunks: IndexedChunk[] = [];
  const documents: { documentId: string; first: number; count: number }[] = [];
  const terms = [];
  const rows: Float32Array[] = [];
  const languages = new Map<string, number>();
  let [dimensions, bytes] = [0, 0];
  for (const segment of placed) {
    const { meta, ...read } = await readPlaced(segment);
    documents.push({ documentId: segment.documentId, first: chunks.length, count: meta.chunks.length });
    for (const chunk of read.chunks) chunks.push(chunk);
    terms.push(read.terms);
    rows.push(read.vectors);
    languages.set(meta.language, (languages.get(meta.language) ?? 0) + meta.chunks.length);
    dimensions = sameDimensions(dimensions, meta);
    bytes += read.bytes;
  }
  const lexical = buildLexicalIndex(terms);
  const vectors = dimensions === 0 ? null : createVectorTable({ dimensions, rows: join(rows) });
  return { lexical, vectors, languages: byCount(languages), documents, chunks, bytes };
}

async function readPlaced({ documentId, object, path, skip }: PlacedSegment) {
  const file = (await readFile(path)).subarray(skip);
  const { meta, vectors, terms } = readSegment(file);
  const { start } = partsOf(file).texts;
  const chunks = meta.chunks.map((chunk): IndexedChunk => {
    const place = { from: start + chunk.textStart, to: start + chunk.textEnd };
    return { ...chunk, documentId, object, ...place };
  });
  return { meta, vectors, terms: readSegmentTerms(terms), chunks, bytes: file.byteLength };
}

/** A segment without chunks has no vectors. */
function sameDimensions(before: number, { chunks, dimensions }: SegmentMeta): number {
  if (chunks.length === 0) return before;
  if (before !== 0 && before !== dimensions)
    throw new TypeError(`The segments have vectors with ${before} and with ${dimensions} numbers.`);
  return dimensions;
}

const byCount = (languages: ReadonlyMap<string, number>) =>
  [...languages].sort(([, one], [, other]) => other - one).map(([language]) => language);

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
