import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openTestPostgres } from "../testing/open-test-postgres.ts";

const MIGRATION = new URL("./0033-failed-index-jobs.sql", import.meta.url);

test("of index jobs that failed for good the newest of each project runs again, unless one is queued, and the others go", async () => {
  const { db, close } = await openTestPostgres();
  await db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES ('one', 'One', now()), ('two', 'Two', now())`,
  );
  const add = (id: string, projectId: string, [kind, status]: readonly [string, string]) =>
    db.execute(sql`INSERT INTO jobs
      (id, project_id, kind, title, key, payload, status, progress, failures, interruptions, revision, created_by, created_at, updated_at, run_at)
      VALUES (${id}, ${projectId}, ${kind}, 'Index', 'index', '{}', ${status}, '{"done":0,"total":null,"unit":""}', 5, 11, 1, 'system', now(), now(), now())`);
  await add("old", "one", ["dataset-index", "failed"]);
  await add("new", "one", ["dataset-index", "failed"]);
  await add("other", "one", ["dataset-import", "failed"]);
  await add("failed", "two", ["dataset-index", "failed"]);
  await add("queued", "two", ["dataset-index", "queued"]);
  for (const statement of (await readFile(MIGRATION, "utf8")).split(/;\n/).filter((part) => part.trim() !== ""))
    await db.execute(sql.raw(statement));
  const { rows } = await db.execute(sql`SELECT id, status, failures, interruptions FROM jobs ORDER BY id`);
  expect(rows).toEqual([
    { id: "new", status: "queued", failures: 0, interruptions: 0 },
    { id: "other", status: "failed", failures: 5, interruptions: 11 },
    { id: "queued", status: "queued", failures: 5, interruptions: 11 },
  ]);
  await close();
});
