import { index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What a comment can be about. */
export type SubjectKind = "trace" | "prompt" | "incident" | "issue";

export const comments = pgTable(
  "comments",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    subjectKind: text("subject_kind").$type<SubjectKind>().notNull(),
    subjectId: text("subject_id").notNull(),
    /** The span of a trace or the version of a prompt; empty for the whole. */
    part: text("part").notNull(),
    text: text("text").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    editedAt: time("edited_at"),
  },
  (table) => [
    index("comments_subject").on(table.projectId, table.subjectKind, table.subjectId, table.createdAt, table.id),
  ],
);
