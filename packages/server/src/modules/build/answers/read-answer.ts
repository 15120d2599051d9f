import { type AnswerCitation, AnswerPassage, type KnowledgeAnswer } from "@treadle/contract";
import { z } from "zod";
import type { Completion } from "../gateway/index.ts";

const Used = z.object({ version: z.number(), passages: z.array(AnswerPassage) });
const Cited = z.object({
  type: z.literal("file_citation"),
  file_citation: z.object({
    file_id: z.string(),
    filename: z.string(),
    number: z.number(),
    chunk_id: z.string(),
    quote: z.string(),
    verified: z.boolean(),
    start_index: z.number(),
    end_index: z.number(),
    document_start: z.number(),
    document_end: z.number(),
    page: z.number().nullable(),
  }),
});
const Message = z.object({ content: z.string().nullable(), annotations: z.array(z.unknown()).default([]) });

const NOTHING = { version: 0, passages: [] };

/** An answer of the gateway with its citations. A guard can refuse a call before it is searched for: then there are no passages. */
export function readAnswer(response: Completion["response"], whenNotFound: string): Omit<KnowledgeAnswer, "traceId"> {
  const { version, passages } = response.knowledge === undefined ? NOTHING : Used.parse(response.knowledge);
  const message = Message.parse(response.choices[0]?.message ?? { content: "" });
  const answer = message.content ?? "";
  return {
    answer,
    isAnswered: passages.length > 0 && answer.trim() !== whenNotFound,
    citations: message.annotations.flatMap(toCitation),
    passages,
    version,
  };
}

function toCitation(annotation: unknown): AnswerCitation[] {
  const read = Cited.safeParse(annotation);
  if (!read.success) return [];
  const cited = read.data.file_citation;
  return [
    {
      number: cited.number,
      documentId: cited.file_id,
      chunkId: cited.chunk_id,
      title: cited.filename,
      page: cited.page,
      start: cited.document_start,
      end: cited.document_end,
      quote: cited.quote,
      verified: cited.verified,
      markStart: cited.start_index,
      markEnd: cited.end_index,
    },
  ];
}
