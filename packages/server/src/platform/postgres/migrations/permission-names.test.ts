import { readFile } from "node:fs/promises";
import { PERMISSIONS } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openTestPostgres } from "../testing/open-test-postgres.ts";

const MIGRATION = new URL("./0043-permission-names.sql", import.meta.url);

test("an older key keeps what it may do under the new names of the permissions", async () => {
  const { db, close } = await openTestPostgres();
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES ('one', 'One', now())`);
  const add = (id: string, permissions: string) =>
    db.execute(sql`INSERT INTO api_keys (id, project_id, name, key_hash, hint, permissions, created_at)
      VALUES (${id}, 'one', 'key', ${id}, '', ${permissions}::text[], now())`);
  await add("dashboards", "{traces:read,boards:read,boards:write}");
  await add("exporter", "{forwarding:read,forwarding:write}");
  await add("reader", "{boards:read,forwarding:read}");
  await add("other", "{gateway:use}");
  // A second run changes nothing more.
  for (const run of [1, 2]) {
    for (const statement of (await readFile(MIGRATION, "utf8")).split(/;\n/).filter((part) => part.trim() !== ""))
      await db.execute(sql.raw(statement));
    const { rows } = await db.execute(sql`SELECT id, permissions FROM api_keys ORDER BY id`);
    expect({ run, rows }).toEqual({
      run,
      rows: [
        { id: "dashboards", permissions: ["traces:read", "dashboards:read", "dashboards:write"] },
        { id: "exporter", permissions: ["forwarding:read", "forwarding:write", "exports:read", "exports:write"] },
        { id: "other", permissions: ["gateway:use"] },
        { id: "reader", permissions: ["dashboards:read", "forwarding:read", "exports:read"] },
      ],
    });
    const known: ReadonlySet<unknown> = new Set(PERMISSIONS);
    for (const { permissions } of rows) expect([permissions].flat().filter((name) => !known.has(name))).toEqual([]);
  }
  await close();
});
