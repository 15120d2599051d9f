import { z } from "zod";
import { MOST_INTEGER } from "../../numbers.ts";
import { Name, Timestamp } from "../../pages.ts";

/** The most questions of a set. */
export const MOST_QUESTIONS = 5_000;
/** The most judgements of a question. */
export const MOST_JUDGEMENTS = 500;
/** The most characters of a relevant span. */
export const MOST_SPAN = 20_000;

const QuestionId = z
  .string()
  .regex(/^\S{1,100}$/, "must have 1 to 100 characters without blanks")
  .describe("Your name for the question, such as a TREC topic. It is generated if omitted.");
const Grade = z.number().int().min(0).max(3);
const Overlap = z
  .number()
  .min(0.01)
  .max(1)
  .describe("The share of a span, or of the chunk if it is shorter, that a chunk must hold to be relevant.");

/** A judgement as a request gives it: a span, a quote, or a whole document. */
export const JudgementInput = z
  .strictObject({
    documentId: z.string().min(1).max(500).describe("The id of the document, or its name."),
    start: z
      .number()
      .int()
      .min(0)
      .max(MOST_INTEGER)
      .optional()
      .describe("A UTF-16 offset in the text of the document."),
    end: z.number().int().min(1).max(MOST_INTEGER).optional(),
    quote: z
      .string()
      .trim()
      .min(1)
      .max(MOST_SPAN)
      .optional()
      .describe("Text of the document, instead of `start` and `end`. White space may differ."),
    grade: Grade.default(1).describe("0 is judged not relevant, 1 to 3 is relevant."),
  })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), {
    message: "must have `start` and `end`, or neither",
  })
  .refine(({ start = 0, end = 1 }) => start < end, { message: "must have an `end` after `start`" })
  .refine(({ start, quote }) => start === undefined || quote === undefined, {
    message: "must have a span or a quote, not both",
  });
export type JudgementInput = z.output<typeof JudgementInput>;

export const QuestionJudgement = z.object({
  documentId: z.string(),
  start: z.number().nullable().describe("Null if the whole document is judged."),
  end: z.number().nullable(),
  quote: z
    .string()
    .nullable()
    .describe("The text of the span. In a version with another text of the document, the span is where the quote is."),
  grade: z.number(),
});
export type QuestionJudgement = z.output<typeof QuestionJudgement>;

export const RetrievalQuestionInput = z.strictObject({
  questionId: QuestionId.optional(),
  question: z.string().trim().min(1).max(10_000),
  relevant: z
    .array(JudgementInput)
    .max(MOST_JUDGEMENTS)
    .default([])
    .describe("Empty for a question that the documents do not answer."),
});
export type RetrievalQuestionInput = z.output<typeof RetrievalQuestionInput>;

export const RetrievalQuestionPatch = z.strictObject({
  question: z.string().trim().min(1).max(10_000).optional(),
  relevant: z.array(JudgementInput).max(MOST_JUDGEMENTS).optional().describe("Replaces all judgements."),
});
export type RetrievalQuestionPatch = z.output<typeof RetrievalQuestionPatch>;

export const RetrievalQuestion = z.object({
  questionId: z.string(),
  question: z.string(),
  relevant: z.array(QuestionJudgement),
});
export type RetrievalQuestion = z.output<typeof RetrievalQuestion>;

export const RetrievalQuestionSetInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).default(""),
  overlap: Overlap.default(0.5),
  questions: z.array(RetrievalQuestionInput).max(1_000).default([]),
});
export type RetrievalQuestionSetInput = z.output<typeof RetrievalQuestionSetInput>;

export const RetrievalQuestionSetPatch = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(2_000).optional(),
  overlap: Overlap.optional(),
});
export type RetrievalQuestionSetPatch = z.output<typeof RetrievalQuestionSetPatch>;

export const RetrievalQuestionSet = z.object({
  questionSetId: z.string(),
  knowledgeBaseId: z.string(),
  name: z.string(),
  description: z.string(),
  overlap: z.number(),
  questions: z.number(),
  unanswerable: z.number().describe("Questions without judgements."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type RetrievalQuestionSet = z.output<typeof RetrievalQuestionSet>;

/** A hit of a search that a person judged. */
export const HitJudgement = z.strictObject({
  question: z.string().trim().min(1).max(10_000).describe("The query. It becomes a question if the set lacks it."),
  documentId: z.string().min(1).max(500),
  start: z.number().int().min(0).max(MOST_INTEGER),
  end: z.number().int().min(1).max(MOST_INTEGER),
  version: z.number().int().min(1).max(1_000_000_000).optional().describe("The version that was searched."),
  grade: Grade.default(1).describe("0 is not relevant."),
});
export type HitJudgement = z.output<typeof HitJudgement>;

export const QUESTION_FORMATS = ["jsonl", "topics", "qrels"] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];
