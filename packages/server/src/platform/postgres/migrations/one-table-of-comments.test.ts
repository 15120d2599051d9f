import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openPostgres } from "../open.ts";

const MIGRATION = new URL("./0041-one-table-of-comments.sql", import.meta.url);
const SHARED = `text text NOT NULL, created_by text NOT NULL, created_at timestamptz NOT NULL, edited_at timestamptz`;
const BEFORE = [
  `DROP TABLE comments`,
  `CREATE TABLE comments (id text PRIMARY KEY, project_id text NOT NULL, trace_id text NOT NULL, span_id text NOT NULL, ${SHARED})`,
  `CREATE INDEX comments_trace ON comments (project_id, trace_id, created_at, id)`,
  `CREATE TABLE prompt_comments (id text PRIMARY KEY, project_id text NOT NULL, prompt_id text NOT NULL, version integer, ${SHARED})`,
  `INSERT INTO comments VALUES ('c1', 'p', 't1', 's1', 'on a span', 'ada', now(), NULL)`,
  `INSERT INTO prompt_comments VALUES ('c2', 'p', 'greet', 3, 'on a version', 'ada', now(), now()), ('c3', 'p', 'greet', NULL, 'on the prompt', 'bob', now(), NULL)`,
];

test("comments on traces and prompts are moved to one table", async () => {
  // A database of its own, since its tables are changed.
  const { db, close } = await openPostgres({ folder: null });
  const migration = (await readFile(MIGRATION, "utf8")).split(/;\n/).filter((part) => part.trim() !== "");
  for (const statement of [...BEFORE, ...migration]) await db.execute(sql.raw(statement));
  const { rows } = await db.execute(
    sql`SELECT id, subject_kind, subject_id, part, text, edited_at IS NOT NULL AS edited FROM comments ORDER BY id`,
  );
  expect(rows).toEqual([
    { id: "c1", subject_kind: "trace", subject_id: "t1", part: "s1", text: "on a span", edited: false },
    { id: "c2", subject_kind: "prompt", subject_id: "greet", part: "3", text: "on a version", edited: true },
    { id: "c3", subject_kind: "prompt", subject_id: "greet", part: "", text: "on the prompt", edited: false },
  ]);
  await close();
});
