import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openPostgres } from "../open.ts";

const MIGRATION = new URL("./0044-endpoint-variants.sql", import.meta.url);
const TARGETS = [
  { model: "openai/GPT 4o", weight: 3 },
  { model: "other/gpt-4o", weight: 0 },
  { model: "smollm2", weight: 1 },
  { model: "x/___", weight: 1 },
];
const BEFORE = [
  `DROP TABLE endpoint_versions`,
  `ALTER TABLE endpoints DROP COLUMN variants, DROP COLUMN assign_by, DROP COLUMN version, DROP COLUMN rollout, DROP COLUMN strategy, DROP COLUMN rules, DROP COLUMN failover, DROP COLUMN fallbacks, ADD COLUMN fallbacks text[], ADD COLUMN targets jsonb`,
  `INSERT INTO projects VALUES ('p', 'Project', false, now())`,
  `INSERT INTO endpoints (id, project_id, name, description, targets, fallbacks, cache_ttl_seconds, created_at, updated_at)
   VALUES ('e', 'p', 'support', '', '${JSON.stringify(TARGETS)}', '{smollm2}', 60, now(), now())`,
];

test("targets become variants with names, and the endpoint its first version", async () => {
  // A database of its own, since its tables are changed.
  const { db, close } = await openPostgres({ folder: null });
  const migration = (await readFile(MIGRATION, "utf8")).split(/;\n/).filter((part) => part.trim() !== "");
  for (const statement of [...BEFORE, ...migration]) await db.execute(sql.raw(statement));
  const { rows } = await db.execute(sql`SELECT variants, assign_by, version FROM endpoints`);
  const variants = TARGETS.map((target, place) => ({
    name: ["gpt-4o", "gpt-4o-2", "smollm2", "variant"][place],
    ...target,
    prompt: null,
    parameters: {},
    tools: null,
    cacheTtlSeconds: null,
  }));
  expect(rows).toEqual([{ variants, assign_by: "auto", version: 1 }]);
  const versions = await db.execute(sql`SELECT endpoint_id, version, content FROM endpoint_versions`);
  const content = {
    name: "support",
    description: "",
    variants,
    assignBy: "auto",
    fallbacks: ["smollm2"],
    cacheTtlSeconds: 60,
  };
  expect(versions.rows).toEqual([{ endpoint_id: "e", version: 1, content }]);
  await close();
});
