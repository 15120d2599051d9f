import type { GuardPreviewResult } from "@treadle/contract";
import { index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { PreviewPlan } from "./preview-plan.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const guardPreviews = pgTable(
  "guard_previews",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    policyId: text("policy_id"),
    version: integer("version"),
    plan: jsonb("plan").$type<PreviewPlan>().notNull(),
    result: jsonb("result").$type<GuardPreviewResult>(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [
    index("guard_previews_newest").on(table.projectId, table.createdAt, table.id),
    index("guard_previews_expired").on(table.expiresAt),
  ],
);
