import { z } from "zod";
import { AnnotationItemsAdded, AnnotationItemsInput } from "./annotation-content.ts";
import { DriftPreview, DriftTrigger } from "./annotation-drift.ts";
import { AnnotationQuestions } from "./annotation-questions.ts";
import { AnnotationRule, AnnotationRuleInput, AnnotationRulePatch } from "./annotation-rules.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const Markdown = z.string().max(100_000).describe("Markdown. Shown as inert text: it loads nothing from elsewhere.");

/** What annotators are told. A new text is a new version; each answer says under which it was given. */
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
  goldRate: z.number().min(0).max(0.5).describe("The share of items given out whose right answers are known."),
  isBlind: z.boolean().describe("Those who answer are not shown where an item is from."),
  suggestions: z
    .enum(SUGGESTION_RULES)
    .describe("When a judge's answer is shown: never, after one's own, or before it, which sways people."),
  order: z.enum(QUEUE_ORDERS).describe("Among items of the same priority."),
  leaseSeconds: z
    .number()
    .int()
    .min(30)
    .max(86_400)
    .describe("How long an item stays with somebody who is not heard of."),
  undoSeconds: z
    .number()
    .int()
    .min(0)
    .max(604_800)
    .describe("How long one's own answer may be taken back; 0 for never."),
  disputeBelow: z
    .number()
    .min(0)
    .max(1)
    .describe("An item whose answers agree less than this goes to a reviewer. 1 when all say the same."),
  annotators: people.describe("Ids of the people or keys who may answer; empty for everybody who may annotate."),
  reviewers: people.describe("Who settles disputes and sees all answers, beside the project's admins."),
  dueAt: z.iso.datetime({ offset: true }).nullable(),
  isOpen: z.boolean().describe("A closed queue gives nothing out and takes no answers."),
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
    total: z.number().describe("Without test items."),
    open: z.number(),
    done: z.number().describe("Complete or settled."),
    toReview: z.number().describe("Disputed or flagged."),
    gold: z.number().describe("Test items, whose right answers are known."),
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
    summary: "Queues of items that people answer questions about, newest first",
    permission: "annotation:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("A part of the name."),
      assigned: z.enum(["me", "any"]).default("any").describe("`me`: only those that the caller may answer."),
    }),
    response: pageOf(AnnotationQueue),
  },
  "POST /api/v1/annotation-queues": {
    name: "createAnnotationQueue",
    summary: "Make a queue with its questions and its guideline",
    permission: "annotation:write",
    body: AnnotationQueueInput,
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
    summary: "Change how a queue works, who answers, or close it",
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
    summary: "What annotators were told, the newest version first",
    permission: "annotation:read",
    params: one,
    response: z.object({ items: z.array(Guideline) }),
  },
  "POST /api/v1/annotation-queues/:queueId/guidelines": {
    name: "createGuideline",
    summary: "Write a new version of the guideline; it counts from the next answer on",
    permission: "annotation:write",
    params: one,
    body: GuidelineInput,
    response: Guideline,
    status: 201,
  },
  "GET /api/v1/annotation-queues/:queueId/questions": {
    name: "listQuestionSets",
    summary: "What was asked, the newest version first",
    permission: "annotation:read",
    params: one,
    response: z.object({ items: z.array(QuestionSet) }),
  },
  "POST /api/v1/annotation-queues/:queueId/questions": {
    name: "createQuestionSet",
    summary: "Ask other questions from the next answer on; answers say which set they are of",
    permission: "annotation:write",
    params: one,
    body: z.strictObject({ questions: AnnotationQuestions }),
    response: QuestionSet,
    status: 201,
  },
  "POST /api/v1/annotation-queues/:queueId/items": {
    name: "addAnnotationItems",
    summary: "Add spans, sessions, items of a dataset or a run, answers to compare, or items of your own",
    permission: "annotation:write",
    params: one,
    body: AnnotationItemsInput,
    response: AnnotationItemsAdded,
    status: 201,
  },
  "GET /api/v1/annotation-queues/:queueId/rules": {
    name: "listAnnotationRules",
    summary: "What brings traces into a queue by itself",
    permission: "annotation:read",
    params: one,
    response: z.object({ items: z.array(AnnotationRule) }),
  },
  "POST /api/v1/annotation-queues/:queueId/rules": {
    name: "createAnnotationRule",
    summary: "Let traces come into a queue by themselves from now on",
    permission: "annotation:write",
    params: one,
    body: AnnotationRuleInput,
    response: AnnotationRule,
    status: 201,
  },
  "POST /api/v1/annotation-queues/:queueId/drift": {
    name: "lookForDrift",
    summary: "Hold the newest window against the days before, as a rule would; nothing is added",
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
    summary: "Delete a rule; the items it brought stay",
    permission: "annotation:write",
    params: oneRule,
    response: Done,
  },
});
