import { boolean, index, integer, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What people say about findings: one row for each person and finding. */
export const guardLabels = pgTable(
  "guard_labels",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    detector: text("detector").notNull(),
    kind: text("kind").notNull(),
    path: text("path").notNull(),
    start: integer("start_at").notNull(),
    end: integer("end_at").notNull(),
    isRight: boolean("is_right").notNull(),
    actor: text("actor").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  ({ projectId, traceId, spanId, detector, kind, path, start, end, actor, updatedAt, id }) => [
    unique().on(projectId, traceId, spanId, detector, kind, path, start, end, actor),
    index("guard_labels_newest").on(projectId, updatedAt, id),
  ],
);
