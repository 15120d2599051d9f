import type { Span } from "../text/sentences.ts";

/** A chunk that a search found. */
export type ChunkHit = {
  readonly documentId: string;
  readonly chunkId: string;
  /** The ordinal of the chunk; hits of one document must have the same role. */
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly score: number;
};

/** Adjacent chunks of a document as one source for an answer. */
export type Passage = {
  readonly documentId: string;
  /** In the order of the text. */
  readonly chunkIds: readonly string[];
  /** The best score of its chunks. */
  readonly score: number;
  /** Stretches of the canonical text, in order and without overlap. Text between them, which may be hidden, is left out. */
  readonly parts: readonly Span[];
};

const BETWEEN_PARTS = "\n\n";

/** Joins hits whose chunks follow each other in their document. The best passage comes first; ties keep the order of the hits. */
export function mergeAdjacent(hits: readonly ChunkHit[]): readonly Passage[] {
  const passages: { passage: Passage; last: ChunkHit; place: number }[] = [];
  const places = new Map(hits.map(({ chunkId }, place) => [chunkId, place]));
  const distinct = [...new Map(hits.map((hit) => [`${hit.documentId}\n${hit.chunkId}`, hit])).values()];
  for (const hit of distinct.sort(byDocumentAndPlace)) {
    const before = passages.at(-1);
    const place = places.get(hit.chunkId) ?? 0;
    if (before?.last.documentId === hit.documentId && hit.ordinal - before.last.ordinal <= 1) {
      before.passage = joinHit(before.passage, hit);
      before.place = Math.min(before.place, place);
      before.last = hit;
    } else passages.push({ passage: passageOf(hit), last: hit, place });
  }
  return passages.sort((a, b) => b.passage.score - a.passage.score || a.place - b.place).map(({ passage }) => passage);
}

const byDocumentAndPlace = (a: ChunkHit, b: ChunkHit): number =>
  a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : a.ordinal - b.ordinal;

const passageOf = ({ documentId, chunkId, score, start, end }: ChunkHit): Passage => ({
  documentId,
  chunkIds: [chunkId],
  score,
  parts: [{ start, end }],
});

function joinHit(passage: Passage, { chunkId, score, start, end }: ChunkHit): Passage {
  const last = passage.parts.at(-1);
  const parts =
    last && start <= last.end
      ? [...passage.parts.slice(0, -1), { start: last.start, end: Math.max(last.end, end) }]
      : [...passage.parts, { start, end }];
  return { ...passage, chunkIds: [...passage.chunkIds, chunkId], score: Math.max(passage.score, score), parts };
}

/** The text of a passage: its parts, with a blank line between them. */
export const passageText = ({ parts }: Pick<Passage, "parts">, text: string): string =>
  parts.map(({ start, end }) => text.slice(start, end)).join(BETWEEN_PARTS);

/** Where an offset in the text of a passage lies in the canonical text. An offset between two parts is the end of the first. */
export function placeInDocument({ parts }: Pick<Passage, "parts">, offset: number): number {
  let rest = offset;
  for (const { start, end } of parts) {
    if (rest <= end - start) return start + rest;
    rest = Math.max(0, rest - (end - start) - BETWEEN_PARTS.length);
  }
  return parts.at(-1)?.end ?? 0;
}

/** The hits without those after the first `most` of each document, in the same order. */
export function limitPerDocument<Hit extends { readonly documentId: string }>(
  hits: readonly Hit[],
  most: number,
): readonly Hit[] {
  if (!Number.isInteger(most) || most < 1)
    throw new RangeError(`The limit per document is ${most}. Pass a whole number of at least 1.`);
  const counts = new Map<string, number>();
  return hits.filter(({ documentId }) => {
    const count = (counts.get(documentId) ?? 0) + 1;
    counts.set(documentId, count);
    return count <= most;
  });
}
