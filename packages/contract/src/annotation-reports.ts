import { z } from "zod";
import { Adjudication, AnnotationAnswer, MyProgress } from "./annotation-answers.ts";
import { AnnotationContent, AnnotationSource, AnnotationSuggestion } from "./annotation-content.ts";
import { AnnotationValues } from "./annotation-questions.ts";
import { ITEM_STATUSES } from "./annotation-statuses.ts";
import { Estimate } from "./calibration.ts";
import { PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const Person = z.object({ id: z.string(), name: z.string() });

/** An item as those who run the queue see it. */
export const AnnotationItemRow = z.object({
  itemId: z.string(),
  source: AnnotationSource,
  preview: z.string().describe("The beginning of what is looked at."),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(ITEM_STATUSES),
  priority: z.number(),
  reason: z.string(),
  overlap: z.number(),
  answered: z.number().describe("How many have submitted or discarded it."),
  held: z.number().describe("How many have it before them."),
  agreement: z.number().nullable().describe("From 0 to 1; null until two have answered."),
  isGold: z.boolean(),
  inclusionProbability: z.number().nullable(),
  commentCount: z.number(),
  adjudicationVersion: z.number().describe("0 when nobody has settled it."),
  createdAt: Timestamp,
  completedAt: Timestamp.nullable(),
});
export type AnnotationItemRow = z.infer<typeof AnnotationItemRow>;

export const AnnotationItem = AnnotationItemRow.extend({
  queueId: z.string(),
  content: AnnotationContent,
  suggestion: AnnotationSuggestion.nullable(),
  gold: AnnotationValues.nullable(),
  tolerance: z.number(),
  answers: z.array(AnnotationAnswer).describe("All that were ever given, drafts left out, oldest first."),
  adjudications: z.array(Adjudication).describe("Newest first."),
});
export type AnnotationItem = z.infer<typeof AnnotationItem>;

export const AnnotatorPace = z.object({
  annotator: Person,
  submitted: z.number(),
  skipped: z.number(),
  discarded: z.number(),
  flagged: z.number(),
  medianMs: z.number().nullable(),
  answersToday: z.number(),
  lastAnswerAt: Timestamp.nullable(),
});
export type AnnotatorPace = z.infer<typeof AnnotatorPace>;

export const QueueProgress = z.object({
  items: z.object({
    total: z.number(),
    open: z.number(),
    complete: z.number(),
    disputed: z.number(),
    adjudicated: z.number(),
    flagged: z.number(),
    removed: z.number(),
  }),
  answers: z.object({
    wanted: z.number().describe("Of all items that are not removed."),
    given: z.number(),
    held: z.number().describe("Items before somebody now."),
  }),
  mine: MyProgress,
  people: z.array(AnnotatorPace).describe("Who has answered most comes first."),
  answersPerHour: z.number().nullable().describe("Over the last day."),
  doneAt: Timestamp.nullable().describe("When all is answered at this pace; null without one."),
});
export type QueueProgress = z.infer<typeof QueueProgress>;

export const AgreementFigures = z.object({
  items: z.number().describe("With answers of two people or more."),
  raw: Estimate.describe(
    "The share of pairs of answers that say the same; of marks the mean F1 of marked characters over pairs.",
  ),
  kappa: Estimate.describe("Cohen's of two people, Fleiss' of more where every item has as many answers."),
  kappaKind: z.enum(["cohen", "fleiss"]),
  alpha: Estimate.describe("Krippendorff's, which takes any number of people and missing answers."),
});
export type AgreementFigures = z.infer<typeof AgreementFigures>;

export const QuestionAgreement = AgreementFigures.extend({
  question: z.string(),
  title: z.string(),
  scale: z
    .enum(["nominal", "ordinal", "interval", "marks", "none"])
    .describe("`marks`: only `raw` is told. `none`: texts are not compared."),
  slices: z.array(AgreementFigures.extend({ value: z.string() })).describe("The least agreement first."),
});
export type QuestionAgreement = z.infer<typeof QuestionAgreement>;

export const AnnotatorQuality = z.object({
  annotator: Person,
  answered: z.number(),
  medianMs: z.number().nullable(),
  gold: z.object({
    answers: z.number().describe("Answers to questions of test items."),
    right: z.number(),
    accuracy: Estimate,
  }),
  consensus: z.object({
    answers: z.number().describe("Answers to questions that others answered too."),
    same: z.number().describe("As most of the others, or as a reviewer settled it."),
    agreement: Estimate,
  }),
  questions: z.array(
    z.object({
      question: z.string(),
      answers: z.number(),
      agreement: z.number().nullable().describe("The share that is as most of the others'."),
      gold: z.number().nullable().describe("The share of test items that is right."),
    }),
  ),
  leftShare: z.number().nullable().describe("Of comparisons with a winner, how often it was on the left."),
  warnings: z.array(z.string()),
});
export type AnnotatorQuality = z.infer<typeof AnnotatorQuality>;

export const EXPORT_SHAPES = ["jsonl", "csv", "label-studio"] as const;

const queue = z.object({ queueId: z.string().max(80) });

export const annotationReportsApi = defineApi({
  "GET /api/v1/annotation-queues/:queueId/items": {
    name: "listAnnotationItems",
    summary: "The items of a queue with how far they are; for reviewers",
    permission: "annotation:read",
    params: queue,
    query: PageQuery.extend({
      status: z.enum(ITEM_STATUSES).optional(),
      gold: z.enum(["only", "without", "any"]).default("any"),
      annotator: z.string().max(80).optional().describe("Only items that this person has answered."),
      search: z.string().max(200).default("").describe("A part of what is looked at."),
    }),
    response: pageOf(AnnotationItemRow),
  },
  "GET /api/v1/annotation-items/:itemId": {
    name: "getAnnotationItem",
    summary: "One item with all answers and who gave them; for reviewers",
    permission: "annotation:read",
    params: z.object({ itemId: z.string().max(80) }),
    response: AnnotationItem,
  },
  "GET /api/v1/annotation-queues/:queueId/progress": {
    name: "getAnnotationProgress",
    summary: "How far a queue is, and the pace of everybody in it",
    permission: "annotation:read",
    params: queue,
    response: QueueProgress,
  },
  "GET /api/v1/annotation-queues/:queueId/agreement": {
    name: "getAnnotationAgreement",
    summary: "How far people agree, question by question, with intervals",
    permission: "annotation:read",
    params: queue,
    query: z.object({ slice: z.string().max(120).optional().describe("A key of the items' metadata.") }),
    response: z.object({ items: z.array(QuestionAgreement), measuredItems: z.number(), isPartial: z.boolean() }),
  },
  "GET /api/v1/annotation-queues/:queueId/annotators": {
    name: "listAnnotatorQuality",
    summary: "How well each person answers, against test items and the others; for reviewers",
    permission: "annotation:read",
    params: queue,
    response: z.object({ items: z.array(AnnotatorQuality), isPartial: z.boolean() }),
  },
  "GET /api/v1/annotation-queues/:queueId/export": {
    name: "exportAnnotations",
    summary: "All items and answers as a file; for reviewers",
    permission: "annotation:read",
    params: queue,
    query: z.object({ shape: z.enum(EXPORT_SHAPES).default("jsonl") }),
    response: z.string(),
    answer: "file",
  },
});
