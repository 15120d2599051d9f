import type { PreferenceConflict, PreferenceKind } from "@treadle/contract";
import {
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Message } from "../evidence/evidence.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const preferencePairs = pgTable(
  "preference_pairs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    queueId: text("queue_id"),
    /** A hash of the queue, the kind, the prompt and the two answers: the same pair is one row. */
    pairKey: text("pair_key").notNull(),
    kind: text("kind").$type<PreferenceKind>().notNull(),
    prompt: json("prompt").$type<Message[]>().notNull(),
    tools: json("tools").$type<unknown[]>(),
    chosen: json("chosen").$type<Message[]>().notNull(),
    rejected: json("rejected").$type<Message[]>().notNull(),
    /** The searched text. */
    said: text("said").notNull(),
    promptKey: text("prompt_key").notNull(),
    chosenVariant: text("chosen_variant").notNull(),
    rejectedVariant: text("rejected_variant").notNull(),
    isTie: boolean("is_tie").notNull(),
    votesChosen: integer("votes_chosen").notNull(),
    votesRejected: integer("votes_rejected").notNull(),
    votesTie: integer("votes_tie").notNull(),
    leftWins: integer("left_wins").notNull(),
    rightWins: integer("right_wins").notNull(),
    margin: doublePrecision("margin"),
    conflict: text("conflict").$type<PreferenceConflict>(),
    sourceIds: jsonb("source_ids").$type<string[]>().notNull(),
    annotators: jsonb("annotators").$type<string[]>().notNull(),
    traceId: text("trace_id"),
    spanId: text("span_id"),
    model: text("model").notNull(),
    guidelineVersion: integer("guideline_version"),
    consent: boolean("consent").notNull(),
    createdAt: time("created_at").notNull(),
    collectedAt: time("collected_at").notNull(),
  },
  (table) => [
    uniqueIndex("preference_pairs_key").on(table.projectId, table.pairKey),
    index("preference_pairs_list").on(table.projectId, table.createdAt, table.id),
    index("preference_pairs_prompt").on(table.projectId, table.promptKey),
  ],
);
