import type { ShadowAnswer, ShadowCounts, ShadowPair, ShadowReason, ShadowState } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { boolean, doublePrecision, index, jsonb, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import type { Day, Plan } from "./plan.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const shadows = pgTable(
  "shadows",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    /** The endpoint's name. */
    endpoint: text("endpoint").notNull(),
    plan: jsonb("plan").$type<Plan>().notNull(),
    state: text("state").$type<ShadowState>().notNull(),
    reason: text("reason").$type<ShadowReason>(),
    message: text("message").notNull(),
    counts: jsonb("counts").$type<ShadowCounts>().notNull(),
    costUsd: doublePrecision("cost_usd").notNull(),
    day: jsonb("day").$type<Day>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [
    index("shadows_newest").on(table.projectId, table.createdAt, table.id),
    uniqueIndex("shadows_open").on(table.endpointId).where(sql`${table.state} <> 'ended'`),
  ],
);

/** Rows never change. */
export const shadowPairs = pgTable(
  "shadow_pairs",
  {
    id: text("id").primaryKey(),
    shadowId: text("shadow_id").notNull(),
    requestId: text("request_id").notNull(),
    at: time("at").notNull(),
    input: jsonb("input").notNull(),
    isRedacted: boolean("is_redacted").notNull(),
    primary: jsonb("primary_answer").$type<ShadowAnswer>().notNull(),
    candidate: jsonb("candidate_answer").$type<ShadowAnswer>().notNull(),
    matches: jsonb("matches").$type<ShadowPair["matches"]>().notNull(),
    differs: boolean("differs").notNull(),
  },
  (table) => [index("shadow_pairs_newest").on(table.shadowId, table.at, table.id)],
);
