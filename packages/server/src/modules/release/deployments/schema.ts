import type { DeploymentSettings, DeploymentState, RolloutTemplate } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const deploymentSettings = pgTable("deployment_settings", {
  projectId: text("project_id").primaryKey(),
  rolloutOnAlias: text("rollout_on_alias").$type<DeploymentSettings["rolloutOnAlias"]>().notNull(),
  template: jsonb("template").$type<RolloutTemplate>().notNull(),
});

export const deployments = pgTable(
  "deployments",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    model: text("model").notNull(),
    alias: text("alias").notNull(),
    fromVersion: integer("from_version"),
    toVersion: integer("to_version").notNull(),
    state: text("state").$type<DeploymentState>().notNull(),
    message: text("message").notNull(),
    reason: text("reason").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [
    index("deployments_newest").on(table.projectId, table.createdAt, table.id),
    uniqueIndex("deployments_running").on(table.projectId, table.model, table.alias).where(sql`state = 'running'`),
  ],
);

/** Rows never change. */
export const deploymentRollouts = pgTable(
  "deployment_rollouts",
  {
    rolloutId: text("rollout_id").primaryKey(),
    deploymentId: text("deployment_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    /** The endpoint's name. */
    endpoint: text("endpoint").notNull(),
    control: text("control").notNull(),
    candidate: text("candidate").notNull(),
    /** How the control names the alias, such as `support@production`. */
    ref: text("ref").notNull(),
  },
  (table) => [index("deployment_rollouts_of").on(table.deploymentId)],
);
