import { z } from "zod";
import { defineApi } from "../../route.ts";
import { CallKnowledge } from "./use.ts";

/** A passage that an answer was made from. */
export const AnswerPassage = z.object({
  number: z.number().describe("The number by which the answer cites it, from 1."),
  documentId: z.string(),
  chunkId: z.string(),
  title: z.string(),
  uri: z.string(),
  page: z.number().nullable(),
  lastPage: z.number().nullable(),
  start: z.number().describe("Its place in the text of the document, in UTF-16 units."),
  end: z.number(),
  score: z.number().describe("The score of the search."),
  similarity: z.number().nullable().describe("The cosine of the question and the passage. Null without vectors."),
  text: z.string(),
});
export type AnswerPassage = z.output<typeof AnswerPassage>;

export const AnswerCitation = z.object({
  number: z.number().describe("The number of the passage."),
  documentId: z.string(),
  chunkId: z.string(),
  title: z.string(),
  page: z.number().nullable(),
  start: z.number().describe("The place of the quote in the text of the document, in UTF-16 units."),
  end: z.number(),
  quote: z.string(),
  verified: z.boolean().describe("Whether the passage supports the sentence that cites it."),
  markStart: z.number().describe("The place of the mark in the answer."),
  markEnd: z.number(),
});
export type AnswerCitation = z.output<typeof AnswerCitation>;

export const KnowledgeAnswer = z.object({
  answer: z.string(),
  isAnswered: z.boolean().describe("False if no passage was found, or if the model says that none has the answer."),
  citations: z.array(AnswerCitation),
  passages: z.array(AnswerPassage),
  version: z.number().describe("The index version that was searched."),
  traceId: z.string(),
});
export type KnowledgeAnswer = z.output<typeof KnowledgeAnswer>;

export const KnowledgeQuestion = CallKnowledge.omit({ knowledgeBaseId: true, history: true }).extend({
  question: z.string().trim().min(1).max(10_000),
  model: z.string().min(1).max(300).describe("An endpoint or a model, as in requests to the gateway."),
});
export type KnowledgeQuestion = z.output<typeof KnowledgeQuestion>;

export const knowledgeAnswersApi = defineApi({
  "POST /api/v1/knowledge/:knowledgeBaseId/ask": {
    name: "askKnowledge",
    summary: "Answer a question from a knowledge base",
    description:
      "A model answers from the passages that a search finds, and cites them. This needs the permission `knowledge:read` too.",
    permission: "gateway:use",
    params: z.object({ knowledgeBaseId: z.string().max(100) }),
    body: KnowledgeQuestion,
    example: { question: "How long does a refund take?", model: "openai/gpt-5-mini" },
    response: KnowledgeAnswer,
  },
});
