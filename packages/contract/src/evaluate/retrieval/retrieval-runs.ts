import { z } from "zod";
import { KnowledgeSearching, searchSettings } from "../../build/knowledge/bases.ts";
import { MAX_PRINCIPALS, Principal } from "../../build/knowledge/documents.ts";
import { Name, Timestamp } from "../../pages.ts";
import { Interval } from "../experiment-runs.ts";
import { VERDICTS } from "../run-comparison.ts";

export const RETRIEVAL_MEASURES = ["ndcg10", "map", "mrr10", "hit1", "recall", "unjudged10"] as const;
export type RetrievalMeasureName = (typeof RETRIEVAL_MEASURES)[number];
/** The measures that say how good a run is. */
export const COMPARED_MEASURES = ["ndcg10", "map", "mrr10", "hit1", "recall"] as const;
export type ComparedMeasure = (typeof COMPARED_MEASURES)[number];
/** The most settings of a grid. */
export const MOST_VARIANTS = 24;

/** What a run searches, and how. */
export const RetrievalVariant = z.strictObject({
  name: Name.optional().describe("The settings in words if omitted."),
  version: z.number().int().min(1).max(1_000_000_000).optional().describe("The live version if omitted."),
  searching: z
    .strictObject(searchSettings)
    .partial()
    .optional()
    .describe("Replaces settings of the base for this run."),
  limit: z.number().int().min(1).max(100).default(50).describe("The hits per question. Recall counts all of them."),
});
export type RetrievalVariant = z.output<typeof RetrievalVariant>;

const principals = z
  .array(Principal)
  .max(MAX_PRINCIPALS)
  .default([])
  .describe("The principals of the searches. `public` is always included.");

export const RetrievalRunInput = z.strictObject({ ...RetrievalVariant.shape, principals });
export type RetrievalRunInput = z.output<typeof RetrievalRunInput>;

export const RetrievalGridInput = z.strictObject({
  principals,
  variants: z
    .array(RetrievalVariant)
    .min(2)
    .max(MOST_VARIANTS)
    .describe("Each becomes a run. The first is the baseline of all others."),
});
export type RetrievalGridInput = z.output<typeof RetrievalGridInput>;

export const RetrievalMean = z.object({
  measure: z.enum(RETRIEVAL_MEASURES),
  mean: z.number().nullable().describe("Null if no question has a value."),
  interval: Interval.nullable().describe("The 95 % interval of the mean (Student's t)."),
  questions: z.number().describe("Questions with a value."),
});
export type RetrievalMean = z.output<typeof RetrievalMean>;

export const ScoreSpread = z.object({
  least: z.number(),
  lowerQuartile: z.number(),
  median: z.number(),
  upperQuartile: z.number(),
  most: z.number(),
});
export type ScoreSpread = z.output<typeof ScoreSpread>;

/** Whether scores tell that the documents do not answer a question. */
export const AnswerThreshold = z.object({
  signal: z
    .enum(["meaning", "words"])
    .describe("The score: the highest cosine similarity of the hits, or the highest BM25 score in the mode `words`."),
  threshold: z
    .number()
    .nullable()
    .describe("Suggested: below it, do not answer. Null without both kinds of questions."),
  balancedAccuracy: z
    .number()
    .nullable()
    .describe("The mean of the shares of answerable and unanswerable questions on their side of the threshold."),
  answerable: z.number(),
  unanswerable: z.number(),
  answerableScores: ScoreSpread.nullable(),
  unanswerableScores: ScoreSpread.nullable(),
});
export type AnswerThreshold = z.output<typeof AnswerThreshold>;

export const RetrievalRun = z.object({
  retrievalRunId: z.string(),
  questionSetId: z.string(),
  knowledgeBaseId: z.string(),
  gridId: z.string().nullable(),
  name: z.string(),
  version: z.number(),
  searching: KnowledgeSearching,
  principals: z.array(z.string()),
  limit: z.number(),
  overlap: z.number(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  error: z.string().nullable(),
  questions: z.number().describe("The questions of the set when the run started."),
  answered: z.number().describe("The questions that were searched so far."),
  failures: z.number().describe("Questions whose search failed. They have no measures."),
  lostJudgements: z
    .number()
    .describe(
      "Judgements that the version cannot find: it does not hold the document or the quote. They count as missed.",
    ),
  measures: z.array(RetrievalMean).describe("Empty until the run is done."),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  answerThreshold: AnswerThreshold.nullable(),
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type RetrievalRun = z.output<typeof RetrievalRun>;

export const RankedHit = z.object({
  chunkId: z.string(),
  documentId: z.string(),
  start: z.number(),
  end: z.number(),
  score: z.number(),
  grade: z.number().nullable().describe("Null if it is not judged."),
});
export type RankedHit = z.output<typeof RankedHit>;

export const QuestionResult = z.object({
  questionId: z.string(),
  question: z.string(),
  error: z.string().nullable(),
  relevant: z.number().describe("The number of relevant spans and documents."),
  isUnanswerable: z.boolean().describe("The question has no judgements."),
  lost: z.number(),
  ndcg10: z.number().nullable().describe("Null if nothing is relevant. So are the other measures."),
  map: z.number().nullable(),
  mrr10: z.number().nullable(),
  hit1: z.number().nullable(),
  recall: z.number().nullable(),
  unjudged10: z.number().nullable().describe("The share of the first 10 hits without a judgement."),
  topScore: z.number().nullable().describe("The score that the threshold compares."),
  latencyMs: z.number().nullable(),
  hits: z.array(RankedHit),
});
export type QuestionResult = z.output<typeof QuestionResult>;

/** One measure of two runs, over the questions that have it in both. */
export const RetrievalDifference = z.object({
  measure: z.enum(COMPARED_MEASURES),
  questions: z.number(),
  base: z.number().nullable(),
  head: z.number().nullable(),
  difference: z.number().nullable().describe("The head minus the base."),
  interval: Interval.nullable().describe("The 95 % interval of the difference."),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("Corrected by Holm over all comparisons of this response."),
  verdict: z.enum(VERDICTS).describe("From the corrected p-value. `inconclusive`: no difference is shown."),
  moreQuestions: z.number().nullable().describe("About this many more questions would decide. Null if unknown."),
});
export type RetrievalDifference = z.output<typeof RetrievalDifference>;

export const ChangedQuestion = z.object({
  questionId: z.string(),
  question: z.string(),
  base: z.number(),
  head: z.number(),
  difference: z.number(),
});
export type ChangedQuestion = z.output<typeof ChangedQuestion>;

export const RetrievalComparison = z.object({
  baseRunId: z.string(),
  headRunId: z.string(),
  measure: z.enum(COMPARED_MEASURES).describe("The measure of the verdict and of `changed`."),
  verdict: z
    .enum(VERDICTS)
    .describe("Of the chosen measure, without a correction for the other measures. Choose the measure beforehand."),
  leftOut: z
    .number()
    .describe(
      "Questions of one run or both that are not compared: only in one, failed, or judged differently in the two runs.",
    ),
  differences: z.array(RetrievalDifference),
  changed: z.array(ChangedQuestion).describe("The 50 questions that changed most."),
});
export type RetrievalComparison = z.output<typeof RetrievalComparison>;

export const RetrievalGridRow = z.object({
  run: RetrievalRun,
  difference: RetrievalDifference.nullable().describe(
    "Compared with the first run. Null for it, and until both are done.",
  ),
});
export const RetrievalGrid = z.object({
  gridId: z.string(),
  measure: z.enum(COMPARED_MEASURES),
  rows: z.array(RetrievalGridRow),
});
export type RetrievalGrid = z.output<typeof RetrievalGrid>;
