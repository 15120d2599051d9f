import type {
  AnnotationAnswer,
  AnnotationContent,
  AnnotationItemStatus,
  AnnotationQuestion,
  AnnotationQueue,
  AnnotationSource,
  AnnotationSuggestion,
  AnnotationTrigger,
  AnnotationValues,
  DriftRecord,
  Guideline,
} from "@treadle/contract";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The state of an item for a person. `returned`: released without an answer, so that it can be assigned again. */
export type WorkState = "leased" | "submitted" | "skipped" | "discarded" | "flagged" | "returned";
export type Draft = {
  readonly answers: AnnotationValues;
  readonly comment: string;
  readonly msActive: number;
  readonly savedAt: string;
};

/** The record of a drift rule's tests. `triedAt`: the start of an unfinished test, milliseconds since 1970, or 0. */
type DriftState = Pick<DriftRecord, "looks" | "alarms" | "last"> & { readonly triedAt: number };

export const annotationQueues = pgTable(
  "annotation_queues",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    questionsVersion: integer("questions_version").notNull(),
    guidelineVersion: integer("guideline_version").notNull(),
    overlap: integer("overlap").notNull(),
    goldRate: doublePrecision("gold_rate").notNull(),
    isBlind: boolean("is_blind").notNull(),
    suggestions: text("suggestions").$type<AnnotationQueue["suggestions"]>().notNull(),
    order: text("item_order").$type<AnnotationQueue["order"]>().notNull(),
    leaseSeconds: integer("lease_seconds").notNull(),
    undoSeconds: integer("undo_seconds").notNull(),
    disputeBelow: doublePrecision("dispute_below").notNull(),
    annotators: jsonb("annotators").$type<string[]>().notNull(),
    reviewers: jsonb("reviewers").$type<string[]>().notNull(),
    dueAt: time("due_at"),
    isOpen: boolean("is_open").notNull(),
    /** When items last came in or were put back: who has gone on past them begins at the front again. */
    itemsChangedAt: time("items_changed_at").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("annotation_queues_name").on(table.projectId, table.name),
    index("annotation_queues_list").on(table.projectId, table.createdAt, table.id),
  ],
);

const versioned = {
  queueId: text("queue_id").notNull(),
  version: integer("version").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
};

export const annotationGuidelines = pgTable(
  "annotation_guidelines",
  {
    ...versioned,
    markdown: text("markdown").notNull(),
    examples: jsonb("examples").$type<Guideline["examples"]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.queueId, table.version] })],
);

export const annotationQuestionSets = pgTable(
  "annotation_question_sets",
  { ...versioned, questions: jsonb("questions").$type<AnnotationQuestion[]>().notNull() },
  (table) => [primaryKey({ columns: [table.queueId, table.version] })],
);

export const annotationItems = pgTable(
  "annotation_items",
  {
    id: text("id").primaryKey(),
    queueId: text("queue_id").notNull(),
    projectId: text("project_id").notNull(),
    source: jsonb("source").$type<AnnotationSource>().notNull(),
    sourceKey: text("source_key").notNull(),
    /** The content at the time of addition. */
    content: json("content").$type<AnnotationContent>().notNull(),
    preview: text("preview").notNull(),
    metadata: jsonb("metadata").$type<Record<string, string>>().notNull(),
    suggestion: jsonb("suggestion").$type<AnnotationSuggestion>(),
    status: text("status").$type<AnnotationItemStatus>().notNull(),
    /** Minus the priority, so that the order runs one way. */
    rank: integer("rank").notNull(),
    place: doublePrecision("place").notNull(),
    reason: text("reason").notNull(),
    ruleId: text("rule_id"),
    inclusionProbability: doublePrecision("inclusion_probability"),
    overlap: integer("overlap").notNull(),
    /** How many have answered, and how many have it before them: together never more than the overlap when one is given out. */
    answered: integer("answered").notNull(),
    held: integer("held").notNull(),
    isGold: boolean("is_gold").notNull(),
    gold: jsonb("gold").$type<AnnotationValues>(),
    tolerance: doublePrecision("tolerance").notNull(),
    agreement: doublePrecision("agreement"),
    commentCount: integer("comment_count").notNull(),
    adjudicationVersion: integer("adjudication_version").notNull(),
    createdAt: time("created_at").notNull(),
    completedAt: time("completed_at"),
  },
  (table) => [
    uniqueIndex("annotation_items_source").on(table.queueId, table.sourceKey),
    index("annotation_items_list").on(table.queueId, table.status, table.id),
    index("annotation_items_all").on(table.queueId, table.id),
  ],
);

export const annotationWork = pgTable(
  "annotation_work",
  {
    itemId: text("item_id").notNull(),
    annotator: text("annotator").notNull(),
    queueId: text("queue_id").notNull(),
    projectId: text("project_id").notNull(),
    leaseId: text("lease_id").notNull(),
    state: text("state").$type<WorkState>().notNull(),
    /** Draws the order in which this person sees the candidates. */
    seed: bigint("seed", { mode: "number" }).notNull(),
    expiresAt: time("expires_at").notNull(),
    draft: json("draft").$type<Draft>(),
    answerId: text("answer_id"),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.itemId, table.annotator] }),
    uniqueIndex("annotation_work_lease").on(table.leaseId),
    index("annotation_work_of").on(table.queueId, table.annotator, table.state),
  ],
);

/** Only ever added to. */
export const annotationAnswers = pgTable(
  "annotation_answers",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    queueId: text("queue_id").notNull(),
    itemId: text("item_id").notNull(),
    annotator: text("annotator").notNull(),
    clientId: text("client_id").notNull(),
    /** A hash of the submission, to recognize a repeated one. */
    digest: text("digest").notNull(),
    status: text("status").$type<AnnotationAnswer["status"]>().notNull(),
    answers: json("answers").$type<AnnotationValues>().notNull(),
    comment: text("comment").notNull(),
    order: json("candidate_order").$type<string[]>().notNull(),
    questionsVersion: integer("questions_version").notNull(),
    guidelineVersion: integer("guideline_version").notNull(),
    msActive: integer("ms_active").notNull(),
    isSuggestionShown: boolean("is_suggestion_shown").notNull(),
    clientVersion: text("client_version").notNull(),
    supersedes: text("supersedes"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("annotation_answers_client").on(table.projectId, table.annotator, table.clientId),
    index("annotation_answers_item").on(table.itemId, table.createdAt, table.id),
    index("annotation_answers_of").on(table.queueId, table.annotator, table.createdAt, table.id),
  ],
);

/** A person in a queue: finished work, and the position in the queue. */
export const annotationAnnotators = pgTable(
  "annotation_annotators",
  {
    queueId: text("queue_id").notNull(),
    annotator: text("annotator").notNull(),
    submitted: integer("submitted").notNull(),
    skipped: integer("skipped").notNull(),
    discarded: integer("discarded").notNull(),
    flagged: integer("flagged").notNull(),
    lastAnswerAt: time("last_answer_at"),
    /** Active milliseconds of the last hundred answers, the newest first. */
    recentMs: integer("recent_ms").array().notNull(),
    atRank: integer("at_rank"),
    atPlace: doublePrecision("at_place"),
    atId: text("at_id"),
    atTime: time("at_time"),
  },
  (table) => [primaryKey({ columns: [table.queueId, table.annotator] })],
);

export const annotationAdjudications = pgTable(
  "annotation_adjudications",
  {
    itemId: text("item_id").notNull(),
    version: integer("version").notNull(),
    projectId: text("project_id").notNull(),
    answers: json("answers").$type<AnnotationValues>().notNull(),
    reason: text("reason").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.itemId, table.version] })],
);

export const annotationComments = pgTable(
  "annotation_comments",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    itemId: text("item_id").notNull(),
    text: text("text").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("annotation_comments_item").on(table.itemId, table.createdAt, table.id)],
);

export const annotationRules = pgTable(
  "annotation_rules",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    queueId: text("queue_id").notNull(),
    name: text("name").notNull(),
    trigger: jsonb("trigger").$type<AnnotationTrigger>().notNull(),
    priority: integer("priority").notNull(),
    mostPerDay: integer("most_per_day").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    placeMs: bigint("place_ms", { mode: "number" }).notNull(),
    placeTraceId: text("place_trace_id").notNull(),
    placeSpanId: text("place_span_id").notNull(),
    added: integer("added").notNull(),
    /** The day (UTC, such as 2026-11-26) that the next one is of. */
    addedDay: text("added_day").notNull(),
    addedToday: integer("added_today").notNull(),
    lastAddedAt: time("last_added_at"),
    lastError: text("last_error").notNull(),
    /** The history of a drift rule. Null for other rules and until its first test. */
    drift: jsonb("drift").$type<DriftState>(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("annotation_rules_name").on(table.queueId, table.name),
    index("annotation_rules_project").on(table.projectId, table.createdAt, table.id),
  ],
);
