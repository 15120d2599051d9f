import { z } from "zod";
import { Done, Name, PageQuery, pageOf, StoredTime, Timestamp } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { AnnotationItemsAdded, AnnotationItemsInput } from "./content.ts";
import { DriftPreview, DriftTrigger } from "./drift.ts";
import { AnnotationQuestions } from "./questions.ts";
import { AnnotationRule, AnnotationRuleInput, AnnotationRulePatch } from "./rules.ts";

const Markdown = z.string().max(100_000).describe("Markdown. Shown as inert text: it loads nothing from elsewhere.");

/** The instructions for annotators. A new text is a new version. Each answer names its version. */
export const GuidelineInput = z.strictObject({
  markdown: Markdown,
  examples: z
    .array(z.strictObject({ title: z.string().max(200).default(""), markdown: z.string().max(20_000) }))
    .max(50)
    .default([]),
});
export type GuidelineInput = z.output<typeof GuidelineInput>;

export const Guideline = GuidelineInput.extend({
  version: z.number(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type Guideline = z.infer<typeof Guideline>;

export const QuestionSet = z.object({
  version: z.number(),
  questions: AnnotationQuestions,
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type QuestionSet = z.infer<typeof QuestionSet>;

export const QUEUE_ORDERS = ["added", "random"] as const;
export const SUGGESTION_RULES = ["never", "after", "before"] as const;

const people = z.array(z.string().min(1).max(80)).max(500);
const rules = {
  description: z.string().max(5_000),
  overlap: z.number().int().min(1).max(50).describe("How many people answer each item."),
  goldRate: z.number().min(0).max(0.5).describe("The share of assigned items that are test items with known answers."),
  isBlind: z.boolean().describe("Hides the source of an item from annotators."),
  suggestions: z
    .enum(SUGGESTION_RULES)
    .describe(
      "When to show a judge's answer: never, after the annotator's answer, or before it. Showing it before the answer biases the annotator.",
    ),
  order: z.enum(QUEUE_ORDERS).describe("The order of items with the same priority."),
  leaseSeconds: z
    .number()
    .int()
    .min(30)
    .max(86_400)
    .describe("Lease timeout: how long an item stays assigned to an annotator who is inactive."),
  undoSeconds: z.number().int().min(0).max(604_800).describe("How long annotators can undo an answer. 0 for never."),
  disputeBelow: z
    .number()
    .min(0)
    .max(1)
    .describe("Items with a lower agreement go to a reviewer. 1 means that all answers are equal."),
  annotators: people.describe("Ids of the people or keys who can answer. Empty for all users who can annotate."),
  reviewers: people.describe("Who settles disputes and sees all answers, in addition to the project's admins."),
  dueAt: StoredTime.nullable(),
  isOpen: z.boolean().describe("A closed queue assigns no items and accepts no answers."),
};

export const AnnotationQueueInput = z.strictObject({
  name: Name,
  description: rules.description.default(""),
  questions: AnnotationQuestions,
  guideline: GuidelineInput.default({ markdown: "", examples: [] }),
  overlap: rules.overlap.default(2),
  goldRate: rules.goldRate.default(0.05),
  isBlind: rules.isBlind.default(true),
  suggestions: rules.suggestions.default("after"),
  order: rules.order.default("added"),
  leaseSeconds: rules.leaseSeconds.default(600),
  undoSeconds: rules.undoSeconds.default(600),
  disputeBelow: rules.disputeBelow.default(0.67),
  annotators: rules.annotators.default([]),
  reviewers: rules.reviewers.default([]),
  dueAt: rules.dueAt.default(null),
  isOpen: rules.isOpen.default(true),
});
export type AnnotationQueueInput = z.output<typeof AnnotationQueueInput>;

export const AnnotationQueuePatch = z.strictObject({ name: Name, ...rules }).partial();
export type AnnotationQueuePatch = z.output<typeof AnnotationQueuePatch>;

export const AnnotationQueue = z.object({
  queueId: z.string(),
  name: z.string(),
  ...rules,
  dueAt: Timestamp.nullable(),
  questions: AnnotationQuestions,
  questionsVersion: z.number(),
  guideline: Guideline,
  items: z.object({
    total: z.number().describe("The number of items, without test items."),
    open: z.number(),
    done: z.number().describe("The number of complete or settled items."),
    toReview: z.number().describe("The number of disputed or flagged items."),
    gold: z.number().describe("The number of test items with known answers."),
  }),
  mine: z.object({ submitted: z.number(), mayAnswer: z.boolean(), mayReview: z.boolean() }),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type AnnotationQueue = z.infer<typeof AnnotationQueue>;

const one = z.object({ queueId: z.string().max(80) });
const oneRule = one.extend({ ruleId: z.string().max(80) });

export const annotationApi = defineApi({
  "GET /api/v1/annotation-queues": {
    name: "listAnnotationQueues",
    summary: "Annotation queues, newest first",
    permission: "annotation:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of the name."),
      assigned: z.enum(["me", "any"]).default("any").describe("`me`: only queues that the caller can answer."),
    }),
    response: pageOf(AnnotationQueue),
  },
  "POST /api/v1/annotation-queues": {
    name: "createAnnotationQueue",
    summary: "Create a queue with its questions and guideline",
    permission: "annotation:write",
    body: AnnotationQueueInput,
    example: {
      name: "Support answers",
      questions: [{ type: "binary", key: "helpful", title: "Is the answer helpful?" }],
    },
    response: AnnotationQueue,
    status: 201,
  },
  "GET /api/v1/annotation-queues/:queueId": {
    name: "getAnnotationQueue",
    summary: "One queue",
    permission: "annotation:read",
    params: one,
    response: AnnotationQueue,
  },
  "PATCH /api/v1/annotation-queues/:queueId": {
    name: "updateAnnotationQueue",
    summary: "Change a queue's settings or annotators, or close it",
    permission: "annotation:write",
    params: one,
    body: AnnotationQueuePatch,
    response: AnnotationQueue,
  },
  "DELETE /api/v1/annotation-queues/:queueId": {
    name: "deleteAnnotationQueue",
    summary: "Delete a queue with its items and answers",
    permission: "annotation:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/annotation-queues/:queueId/guidelines": {
    name: "listGuidelines",
    summary: "The versions of a queue's guideline, newest first",
    permission: "annotation:read",
    params: one,
    query: PageQuery,
    response: pageOf(Guideline),
  },
  "POST /api/v1/annotation-queues/:queueId/guidelines": {
    name: "createGuideline",
    summary: "Add a version of the guideline; it applies to later answers",
    permission: "annotation:write",
    params: one,
    body: GuidelineInput,
    example: { markdown: "An answer is helpful when the customer needs no second message." },
    response: Guideline,
    status: 201,
  },
  "GET /api/v1/annotation-queues/:queueId/questions": {
    name: "listQuestionSets",
    summary: "The versions of a queue's questions, newest first",
    permission: "annotation:read",
    params: one,
    query: PageQuery,
    response: pageOf(QuestionSet),
  },
  "POST /api/v1/annotation-queues/:queueId/questions": {
    name: "createQuestionSet",
    summary: "Add a version of the questions; it applies to later answers, and each answer names its version",
    permission: "annotation:write",
    params: one,
    body: z.strictObject({ questions: AnnotationQuestions }),
    example: { questions: [{ type: "binary", key: "helpful", title: "Is the answer helpful?" }] },
    response: QuestionSet,
    status: 201,
  },
  "POST /api/v1/annotation-queues/:queueId/items": {
    name: "addAnnotationItems",
    summary: "Add spans, sessions, items of a dataset or a run, answers to compare, or your own items",
    permission: "annotation:write",
    params: one,
    body: AnnotationItemsInput,
    example: {
      from: "spans",
      select: { spans: [{ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }] },
    },
    response: AnnotationItemsAdded,
    status: 201,
  },
  "GET /api/v1/annotation-queues/:queueId/rules": {
    name: "listAnnotationRules",
    summary: "The rules that add traces to a queue automatically",
    permission: "annotation:read",
    params: one,
    response: pageOf(AnnotationRule),
  },
  "POST /api/v1/annotation-queues/:queueId/rules": {
    name: "createAnnotationRule",
    summary: "Create a rule that adds new traces to a queue",
    permission: "annotation:write",
    params: one,
    body: AnnotationRuleInput,
    response: AnnotationRule,
    status: 201,
  },
  "POST /api/v1/annotation-queues/:queueId/drift": {
    name: "lookForDrift",
    summary: "Test the newest window for drift as a rule would; nothing is added",
    permission: "annotation:write",
    params: one,
    body: z.strictObject({ trigger: DriftTrigger }),
    response: DriftPreview,
  },
  "PATCH /api/v1/annotation-queues/:queueId/rules/:ruleId": {
    name: "updateAnnotationRule",
    summary: "Change, pause or resume a rule",
    permission: "annotation:write",
    params: oneRule,
    body: AnnotationRulePatch,
    response: AnnotationRule,
  },
  "DELETE /api/v1/annotation-queues/:queueId/rules/:ruleId": {
    name: "deleteAnnotationRule",
    summary: "Delete a rule; the items that it added remain",
    permission: "annotation:write",
    params: oneRule,
    response: Done,
  },
});
