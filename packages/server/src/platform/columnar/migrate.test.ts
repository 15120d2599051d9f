import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Migration } from "../migrations/plan.ts";
import { connectFolder } from "./connect.ts";
import { migrateColumnar } from "./migrate.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-columnar-"));
const connected = connectFolder(folder);
const client = connected.openClient();
afterAll(async () => {
  await client.close();
  connected.close();
  await rm(folder, { recursive: true, force: true });
});

const step = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash("sha256").update(sql).digest("hex"),
});
const first = step(
  "0001-first",
  "CREATE TABLE IF NOT EXISTS a (id UInt32)\nENGINE = {engine} ORDER BY id;\n\nCREATE TABLE IF NOT EXISTS b (id UInt32) ENGINE = {engine} ORDER BY id;\n",
);
const second = step(
  "0002-second",
  "ALTER TABLE a ADD COLUMN IF NOT EXISTS word String;\nDROP TABLE IF EXISTS nothing;",
);
const tables = async () => {
  const query = "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name";
  return (await (await client.query({ query, format: "JSONEachRow" })).json<{ name: string }>()).map(
    ({ name }) => name,
  );
};

test("each statement of a step is run, with the engine filled in, and the step is taken once", async () => {
  await migrateColumnar(client, [first]);
  await client.command({ query: "DROP TABLE b" });
  await migrateColumnar(client, [first]);
  expect(await tables()).toEqual(["a", "schema_migrations"]);
});

test("a step that was cut off in the middle is finished at the next start", async () => {
  const cut = step(
    "0002-second",
    "ALTER TABLE a ADD COLUMN IF NOT EXISTS word String;\nDROP TABLE IF EXISTS nothing SETTINGS no_such_setting = 1;",
  );
  await expect(migrateColumnar(client, [first, cut])).rejects.toThrow('The migration "0002-second"');
  await migrateColumnar(client, [first, second]);
  await migrateColumnar(client, [first, second]);
  await client.command({ query: "INSERT INTO a (id, word) VALUES (1, 'x')" });
  await client.command({ query: "DROP TABLE schema_migrations" });
  await migrateColumnar(client, [first, second]);
});

test("a statement that cannot be run twice is refused before anything is changed", async () => {
  const third = step(
    "0003-third",
    "CREATE TABLE IF NOT EXISTS c (id UInt32) ENGINE = {engine} ORDER BY id;\nDROP TABLE a;",
  );
  await expect(migrateColumnar(client, [first, second, third])).rejects.toThrow(/IF EXISTS/);
  expect(await tables()).not.toContain("c");
});

test("data of a newer program is refused with the version to install", async () => {
  await client.command({
    query: "INSERT INTO schema_migrations (name, checksum, program) VALUES ('0009-later', 'x', '9.8.7')",
  });
  await expect(migrateColumnar(client, [first])).rejects.toThrow(/newer than this program.*Install version 9\.8\.7/s);
});
