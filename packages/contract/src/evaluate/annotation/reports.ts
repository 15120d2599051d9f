import { z } from "zod";
import { content } from "../../content.ts";
import { PageQuery, pageOf, Timestamp } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { Estimate } from "../calibration.ts";
import { Adjudication, AnnotationAnswer, MyProgress } from "./answers.ts";
import { AnnotationContent, AnnotationSource, AnnotationSuggestion } from "./content.ts";
import { AnnotationValues } from "./questions.ts";
import { ITEM_STATUSES } from "./statuses.ts";

const Person = z.object({ actorId: z.string(), name: z.string() });

/** An item as those who run the queue see it. */
export const AnnotationItemRow = z.object({
  itemId: z.string(),
  source: AnnotationSource,
  preview: content(z.string().describe("The beginning of the item's content.")),
  isContentHidden: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(ITEM_STATUSES),
  priority: z.number(),
  reason: z.string(),
  overlap: z.number(),
  answered: z.number().describe("The number of people who submitted or discarded it."),
  held: z.number().describe("The number of people who have it leased."),
  agreement: z.number().nullable().describe("From 0 to 1. Null until there are two answers."),
  isGold: z.boolean(),
  inclusionProbability: z.number().nullable(),
  commentCount: z.number(),
  adjudicationVersion: z.number().describe("0 if no reviewer has settled it."),
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
  answers: z.array(AnnotationAnswer).describe("All answers except drafts, oldest first."),
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
    wanted: z.number().describe("The number of answers needed for all items that are not removed."),
    given: z.number(),
    held: z.number().describe("Items that are assigned to annotators now."),
  }),
  mine: MyProgress,
  people: z.array(AnnotatorPace).describe("People with the most answers first."),
  answersPerHour: z.number().nullable().describe("In the last 24 hours."),
  doneAt: Timestamp.nullable().describe("The expected end at this pace. Null if there is no pace yet."),
});
export type QueueProgress = z.infer<typeof QueueProgress>;

export const AgreementFigures = z.object({
  items: z.number().describe("The number of items with at least two answers."),
  raw: Estimate.describe(
    "The share of pairs of answers that are equal. For marks, the mean F1 of marked characters over pairs.",
  ),
  kappa: Estimate.describe(
    "Cohen's κ for two people, or Fleiss' κ for more if every item has the same number of answers.",
  ),
  kappaKind: z.enum(["cohen", "fleiss"]),
  alpha: Estimate.describe("Krippendorff's α, for any number of people and with missing answers."),
});
export type AgreementFigures = z.infer<typeof AgreementFigures>;

export const QuestionAgreement = AgreementFigures.extend({
  question: z.string(),
  title: z.string(),
  scale: z
    .enum(["nominal", "ordinal", "interval", "marks", "none"])
    .describe("`marks`: only `raw` is reported. `none`: texts are not compared."),
  slices: z.array(AgreementFigures.extend({ value: z.string() })).describe("Lowest agreement first."),
});
export type QuestionAgreement = z.infer<typeof QuestionAgreement>;

export const AnnotatorQuality = z.object({
  annotator: Person,
  answered: z.number(),
  medianMs: z.number().nullable(),
  gold: z.object({
    answers: z.number().describe("The number of answers to test items."),
    right: z.number(),
    accuracy: Estimate,
  }),
  consensus: z.object({
    answers: z.number().describe("The number of answers to questions that other people answered too."),
    same: z.number().describe("Equal to the majority of the others, or to the reviewer's answer."),
    agreement: Estimate,
  }),
  questions: z.array(
    z.object({
      question: z.string(),
      answers: z.number(),
      agreement: z.number().nullable().describe("The share that agrees with the majority of the others."),
      gold: z.number().nullable().describe("The share of test items answered correctly."),
    }),
  ),
  leftShare: z.number().nullable().describe("For comparisons with a winner, the share won by the left side."),
  warnings: z.array(z.string()),
});
export type AnnotatorQuality = z.infer<typeof AnnotatorQuality>;

export const EXPORT_SHAPES = ["jsonl", "csv", "label-studio"] as const;

const queue = z.object({ queueId: z.string().max(80) });

export const annotationReportsApi = defineApi({
  "GET /api/v1/annotation-queues/:queueId/items": {
    name: "listAnnotationItems",
    summary: "The items of a queue with their status; for reviewers",
    permission: "annotation:read",
    params: queue,
    query: PageQuery.extend({
      status: z.enum(ITEM_STATUSES).optional(),
      gold: z.enum(["only", "without", "any"]).default("any"),
      annotator: z.string().max(80).optional().describe("Only items that this person has answered."),
      search: z.string().max(200).default("").describe("Part of the item's content."),
    }),
    response: pageOf(AnnotationItemRow),
  },
  "GET /api/v1/annotation-items/:itemId": {
    name: "getAnnotationItem",
    summary: "One item with all answers and their authors; for reviewers",
    permission: "annotation:read",
    params: z.object({ itemId: z.string().max(80) }),
    response: AnnotationItem,
  },
  "GET /api/v1/annotation-queues/:queueId/progress": {
    name: "getAnnotationProgress",
    summary: "The progress of a queue, and the pace of each annotator",
    permission: "annotation:read",
    params: queue,
    response: QueueProgress,
  },
  "GET /api/v1/annotation-queues/:queueId/agreement": {
    name: "getAnnotationAgreement",
    summary: "The agreement on each question, with intervals",
    permission: "annotation:read",
    params: queue,
    query: z.object({ slice: z.string().max(120).optional().describe("A key of the items' metadata.") }),
    response: pageOf(QuestionAgreement).extend({ measuredItems: z.number(), isPartial: z.boolean() }),
  },
  "GET /api/v1/annotation-queues/:queueId/annotators": {
    name: "listAnnotatorQuality",
    summary: "The accuracy of each annotator on test items and compared with the others; for reviewers",
    permission: "annotation:read",
    params: queue,
    response: pageOf(AnnotatorQuality).extend({ isPartial: z.boolean() }),
  },
  "GET /api/v1/annotation-queues/:queueId/export": {
    name: "exportAnnotations",
    summary: "All items and answers as a file; for reviewers",
    permission: "annotation:read",
    content: "required",
    params: queue,
    query: z.object({ shape: z.enum(EXPORT_SHAPES).default("jsonl") }),
    response: z.string(),
    answer: "file",
  },
});
