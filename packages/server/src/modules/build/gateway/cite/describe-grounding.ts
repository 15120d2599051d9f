import type { Citation } from "@treadle/retrieval";
import type { FileCitation, KnowledgeUsed } from "../formats/hub/cited.ts";
import type { Grounding, Passage } from "../request/grounding.ts";

/** What of a grounding the caller sees. */
export const knowledgeOf = ({ knowledgeBaseId, version, query, passages }: Grounding): KnowledgeUsed => ({
  id: knowledgeBaseId,
  version,
  query,
  passages: passages.map((passage) => ({
    number: passage.number,
    documentId: passage.documentId,
    chunkId: passage.chunkId,
    title: passage.title,
    uri: passage.uri,
    page: passage.page,
    lastPage: passage.lastPage,
    start: passage.start,
    end: passage.end,
    score: passage.score,
    similarity: passage.similarity,
    text: passage.text,
  })),
});

/** Citations as annotations of a message whose text begins at an offset. */
export const annotationsOf = (
  citations: readonly Citation[],
  passages: readonly Passage[],
  from: number,
): FileCitation[] =>
  citations.flatMap((citation) => {
    const passage = passages[citation.sourceIndex];
    return passage ? [toAnnotation(citation, passage, from)] : [];
  });

const toAnnotation = (citation: Citation, passage: Passage, from: number): FileCitation => ({
  type: "file_citation",
  file_citation: {
    file_id: passage.documentId,
    filename: passage.title,
    number: citation.number,
    chunk_id: passage.chunkId,
    quote: citation.quote,
    verified: citation.verified,
    score: citation.score,
    start_index: from + citation.markStart,
    end_index: from + citation.markEnd,
    claim_start_index: from + citation.claimStart,
    claim_end_index: from + citation.claimEnd,
    ...placeOf(citation, passage),
    page: passage.page,
    last_page: passage.lastPage,
  },
});

/** The place of the quote in the document. Where guards changed the passage or nothing is quoted, the place of the passage. */
function placeOf({ sourceStart, sourceEnd, quote }: Citation, { start, end, text }: Passage) {
  const isExact = quote !== "" && text.length === end - start;
  return isExact
    ? { document_start: start + sourceStart, document_end: start + sourceEnd }
    : { document_start: start, document_end: end };
}
