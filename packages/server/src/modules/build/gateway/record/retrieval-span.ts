import type { Span } from "@treadle/contract";
import type { Passage } from "../request/grounding.ts";
import type { Call } from "../request/read-call.ts";
import { partSpan } from "./part-span.ts";

/** The search of a call in a knowledge base, beneath the span of the call; none for a call without one. */
export function retrievalSpans(call: Call): readonly Span[] {
  const { grounding } = call;
  if (grounding === null) return [];
  const { knowledgeBaseId, version, contentHash, query, passages, withheld } = grounding;
  return [
    partSpan(
      call,
      { from: grounding.startedElapsed, to: grounding.endedElapsed },
      {
        kind: "retrieval",
        name: "knowledge search",
        parentSpanId: call.spanId,
        input: query,
        output: passages.map(toDocument),
        attributes: {
          "gen_ai.operation.name": "retrieval",
          "gen_ai.data_source.id": knowledgeBaseId,
          "treadle.knowledge.base": knowledgeBaseId,
          "treadle.knowledge.version": version,
          "treadle.knowledge.content_hash": contentHash,
          "treadle.knowledge.passages": passages.length,
          ...(withheld > 0 && { "treadle.knowledge.withheld": withheld }),
        },
      },
    ),
  ];
}

const toDocument = ({ number, chunkId, documentId, title, page, rank, score, similarity, sent }: Passage) => ({
  id: chunkId,
  content: sent,
  score,
  metadata: { number, documentId, title, page, rank, similarity },
});

/** What the span of a call says about its knowledge. */
export function knowledgeAttributes({ grounding }: Pick<Call, "grounding">): Readonly<Record<string, unknown>> {
  if (grounding === null) return {};
  const { knowledgeBaseId, version, passages } = grounding;
  return {
    "treadle.knowledge.base": knowledgeBaseId,
    "treadle.knowledge.version": version,
    "treadle.knowledge.passages": passages.length,
  };
}
