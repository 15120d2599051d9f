import { readFile } from "node:fs/promises";
import { FailureClass } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openPostgres } from "../open.ts";

const MIGRATION = new URL("./0049-endpoint-routing.sql", import.meta.url);
const VARIANT = { name: "small", model: "smollm2", weight: 1 };
const CONTENT = { name: "support", description: "", variants: [VARIANT], assignBy: "auto", cacheTtlSeconds: 0 };
const VERSION = JSON.stringify({ ...CONTENT, fallbacks: ["smollm2", "openai/x"] });
const BEFORE = [
  `ALTER TABLE endpoints DROP COLUMN strategy, DROP COLUMN rules, DROP COLUMN failover, DROP COLUMN fallbacks, ADD COLUMN fallbacks text[]`,
  `INSERT INTO projects VALUES ('p', 'Project', false, now())`,
  `INSERT INTO endpoints (id, project_id, name, description, variants, assign_by, fallbacks, cache_ttl_seconds, version, created_at, updated_at)
   VALUES ('e', 'p', 'support', '', '${JSON.stringify([VARIANT])}', 'auto', '{smollm2,openai/x}', 0, 1, now(), now()),
     ('n', 'p', 'none', '', '${JSON.stringify([VARIANT])}', 'auto', '{}', 0, 1, now(), now())`,
  `INSERT INTO endpoint_versions VALUES ('e', 1, '${VERSION}', 'user', NULL, now())`,
];
const on = [...FailureClass.options];
const FALLBACKS = [
  { model: "smollm2", on, priority: 1 },
  { model: "openai/x", on, priority: 2 },
];

test("fallbacks answer after any failure, in their order, and everything else is as before", async () => {
  // A database of its own, since its tables are changed.
  const { db, close } = await openPostgres({ folder: null });
  const migration = (await readFile(MIGRATION, "utf8")).split(/;\n/).filter((part) => part.trim() !== "");
  for (const statement of [...BEFORE, ...migration]) await db.execute(sql.raw(statement));
  const { rows } = await db.execute(
    sql`SELECT id, variants, strategy, rules, failover, fallbacks FROM endpoints ORDER BY id`,
  );
  const routing = { strategy: "weight", rules: [], failover: "fallbacks" };
  const variants = [{ ...VARIANT, priority: 1 }];
  expect(rows).toEqual([
    { id: "e", variants, ...routing, fallbacks: FALLBACKS },
    { id: "n", variants, ...routing, fallbacks: [] },
  ]);
  const versions = await db.execute(sql`SELECT content FROM endpoint_versions`);
  expect(versions.rows).toEqual([{ content: { ...CONTENT, ...routing, variants, fallbacks: FALLBACKS } }]);
  await close();
});
