import { type JsonRecord, numberOf, recordOf, recordsOf, textOf } from "./json.ts";

/**
 * A citation of a document in a message, in the list `annotations`. Offsets are UTF-16 offsets in the text of the message, with an
 * exclusive end; those of the document are offsets in its text.
 */
export type FileCitation = {
  readonly type: "file_citation";
  readonly file_citation: {
    readonly file_id: string;
    readonly filename: string;
    /** The number of the passage. */
    readonly number: number;
    readonly chunk_id: string;
    readonly quote: string;
    readonly verified: boolean;
    readonly score: number;
    /** The mark, such as `[1]`. */
    readonly start_index: number;
    readonly end_index: number;
    /** What the mark stands behind. */
    readonly claim_start_index: number;
    readonly claim_end_index: number;
    readonly document_start: number;
    readonly document_end: number;
    readonly page: number | null;
    readonly last_page: number | null;
  };
};

/** The knowledge that an answer was made from, in the field `knowledge` of a response. */
export type KnowledgeUsed = {
  readonly id: string;
  readonly version: number;
  readonly query: string;
  readonly passages: readonly JsonRecord[];
};

/** The citations among the annotations of a message. */
export const citationsIn = (annotations: unknown): readonly FileCitation[] =>
  recordsOf(annotations).filter(
    (one): one is JsonRecord & FileCitation =>
      one.type === "file_citation" && numberOf(recordOf(one.file_citation).end_index) !== undefined,
  );

/** The knowledge of a response or of a chunk; null for none. */
export function knowledgeIn({ knowledge }: { readonly [more: string]: unknown }): KnowledgeUsed | null {
  const { id, version, query, passages } = recordOf(knowledge);
  if (typeof id !== "string") return null;
  return { id, version: numberOf(version) ?? 0, query: textOf(query), passages: recordsOf(passages) };
}

/** A text in pieces that end behind the marks of its citations. `from` is the place of the text in its message. */
export function piecesOf(text: string, citations: readonly FileCitation[], from: number) {
  const pieces: { readonly text: string; readonly citations: readonly FileCitation[] }[] = [];
  const endOf = ({ file_citation: { end_index: end } }: FileCitation) => Math.min(Math.max(end - from, 0), text.length);
  let start = 0;
  for (const end of [...new Set(citations.map(endOf))].toSorted((a, b) => a - b)) {
    pieces.push({ text: text.slice(start, end), citations: citations.filter((one) => endOf(one) === end) });
    start = end;
  }
  return start < text.length ? [...pieces, { text: text.slice(start), citations: [] }] : pieces;
}
