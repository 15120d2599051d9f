import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openTestPostgres } from "../testing/open-test-postgres.ts";

const MIGRATION = new URL("./0061-content-permission.sql", import.meta.url);

test("an older key that could read the text of traces still can, and no other key gains it", async () => {
  const { db, close } = await openTestPostgres();
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES ('one', 'One', now())`);
  const add = (id: string, permissions: string) =>
    db.execute(sql`INSERT INTO api_keys (id, project_id, name, key_hash, hint, permissions, created_at)
      VALUES (${id}, 'one', 'key', ${id}, '', ${permissions}::text[], now())`);
  await add("application", "{gateway:use,traces:write,models:read}");
  await add("both", "{traces:read,traces:content}");
  await add("reader", "{traces:read}");
  await add("sql", "{sql:read}");
  // A second run changes nothing more.
  for (const run of [1, 2]) {
    await db.execute(sql.raw(await readFile(MIGRATION, "utf8")));
    const { rows } = await db.execute(sql`SELECT id, permissions FROM api_keys ORDER BY id`);
    expect({ run, rows }).toEqual({
      run,
      rows: [
        { id: "application", permissions: ["gateway:use", "traces:write", "models:read"] },
        { id: "both", permissions: ["traces:read", "traces:content"] },
        { id: "reader", permissions: ["traces:read", "traces:content"] },
        { id: "sql", permissions: ["sql:read", "traces:content"] },
      ],
    });
  }
  await close();
});
