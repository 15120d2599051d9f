import type { ComputeTarget } from "@treadle/contract";
import { jsonb, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const computeTargets = pgTable(
  "compute_targets",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    folder: jsonb("folder").$type<NonNullable<ComputeTarget["folder"]>>(),
    settings: jsonb("settings").$type<ComputeTarget["settings"]>().notNull(),
    sealedToken: text("sealed_token"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [unique().on(table.projectId, table.name)],
);
