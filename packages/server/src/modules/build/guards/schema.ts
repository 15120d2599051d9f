import type { GuardPolicy } from "@treadle/contract";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique } from "drizzle-orm/pg-core";
import type { PolicyContent } from "./policy-content.ts";

export const guardPolicies = pgTable(
  "guard_policies",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    appliesTo: jsonb("applies_to").$type<GuardPolicy["appliesTo"]>().notNull(),
    rules: jsonb("rules").$type<GuardPolicy["rules"]>().notNull(),
    maskSeconds: integer("mask_seconds").notNull(),
    refusal: jsonb("refusal").$type<GuardPolicy["refusal"]>(),
    /** `appliesTo` as one text. Two policies of a project never have the same. */
    matchKey: text("match_key").notNull(),
    version: integer("version").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
    updatedAt: timestamp("updated_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [unique().on(table.projectId, table.name), unique().on(table.projectId, table.matchKey)],
);

/** What a policy was after each change. Rows never change. */
export const guardPolicyVersions = pgTable(
  "guard_policy_versions",
  {
    policyId: text("policy_id").notNull(),
    version: integer("version").notNull(),
    content: jsonb("content").$type<PolicyContent>().notNull(),
    actor: text("actor").notNull(),
    restoredFrom: integer("restored_from"),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.policyId, table.version] })],
);

/** The values behind the placeholders of a session, encrypted. */
export const guardMasks = pgTable(
  "guard_masks",
  {
    projectId: text("project_id").notNull(),
    sessionHash: text("session_hash").notNull(),
    sealed: text("sealed").notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.sessionHash] }),
    index("guard_masks_expired").on(table.expiresAt),
  ],
);
