import { readFile } from "node:fs/promises";
import {
  buildLexicalIndex,
  createVectorTable,
  type LexicalIndex,
  readSegmentTerms,
  type VectorTable,
} from "@treadle/retrieval";
import { partsOf, readSegment, type SegmentChunk } from "./segment-file.ts";

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
  for (const { documentId, object, path, skip } of placed) {
    const file = (await readFile(path)).subarray(skip);
    const segment = readSegment(file);
    const { meta } = segment;
    const textsStart = partsOf(file).texts.start;
    documents.push({ documentId, first: chunks.length, count: meta.chunks.length });
    for (const chunk of meta.chunks)
      chunks.push({ ...chunk, documentId, object, from: textsStart + chunk.textStart, to: textsStart + chunk.textEnd });
    terms.push(readSegmentTerms(segment.terms));
    rows.push(segment.vectors);
    languages.set(meta.language, (languages.get(meta.language) ?? 0) + meta.chunks.length);
    if (meta.chunks.length === 0) continue;
    if (dimensions !== 0 && meta.dimensions !== dimensions)
      throw new TypeError(`The segments have vectors with ${dimensions} and with ${meta.dimensions} numbers.`);
    dimensions = meta.dimensions;
    bytes += file.byteLength;
  }
  const byCount = [...languages].sort(([, one], [, other]) => other - one);
  return {
    lexical: buildLexicalIndex(terms),
    vectors: dimensions === 0 ? null : createVectorTable({ dimensions, rows: join(rows) }),
    languages: byCount.map(([language]) => language),
    documents,
    chunks,
    bytes,
  };
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
