import { createHash } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Migration } from "../migrations/plan.ts";
import { migratePostgres } from "./migrate.ts";
import { openPglite } from "./pglite/open-pglite.ts";
import { openServer } from "./server.ts";
import { startPostgresServer } from "./testing/start-postgres-server.ts";

const server = await startPostgresServer();
afterAll(() => server?.stop());

const step = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash("sha256").update(sql).digest("hex"),
});
const first = step("0001-first", "CREATE TABLE a (id integer); CREATE TABLE b (id integer);");
const second = step("0002-second", "INSERT INTO a VALUES (1);");

type Adapter = { name: string; open(): Promise<{ pool: pg.Pool; close(): Promise<void> }> };
const adapters: Adapter[] = [{ name: "PGlite", open: () => openPglite({ folder: null }) }];
if (server) {
  const connect = async () => {
    const pool = openServer(await server.createDatabase());
    return { pool, close: () => pool.end() };
  };
  adapters.push({ name: "PostgreSQL", open: connect });
}

describe.each(adapters)("migrating $name", ({ open }) => {
  let store: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  const third = step("0003-third", "INSERT INTO a VALUES (2);");
  const count = async (table: string) => (await store.pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

  test("each step is taken once, in order", async () => {
    await migratePostgres(store.pool, [first]);
    await migratePostgres(store.pool, [first, second]);
    await migratePostgres(store.pool, [first, second]);
    expect(await count("a")).toBe(1);
  });

  test("a failed step leaves no changes, and is applied when it is fixed", async () => {
    const broken = step("0003-third", "INSERT INTO a VALUES (2); INSERT INTO missing VALUES (1);");
    await expect(migratePostgres(store.pool, [first, second, broken])).rejects.toThrow('The migration "0003-third"');
    expect(await count("a")).toBe(1);
    await migratePostgres(store.pool, [first, second, third]);
    expect(await count("a")).toBe(2);
  });

  test("data of a newer program is refused with the version to install, and nothing is changed", async () => {
    await store.pool.query(
      "INSERT INTO schema_migrations (name, checksum, program) VALUES ('0009-later', 'x', '9.8.7')",
    );
    const refused = migratePostgres(store.pool, [first, second, third]);
    await expect(refused).rejects.toThrow(/newer than this program.*"0009-later".*Install version 9\.8\.7 or newer/s);
    await store.pool.query("DELETE FROM schema_migrations WHERE name = '0009-later'");
  });

  test("a step that was changed after it had been applied is refused", async () => {
    const changed = step("0001-first", "CREATE TABLE other (id integer);");
    await expect(migratePostgres(store.pool, [changed, second, third])).rejects.toThrow(/"0001-first".*was changed/s);
  });
});

test.runIf(server)("two servers that start at once migrate one database once", async () => {
  if (!server) return;
  const url = await server.createDatabase();
  const pools = Array.from({ length: 4 }, () => openServer(url));
  await Promise.all(pools.map((pool) => migratePostgres(pool, [first, second])));
  const [pool] = pools;
  expect((await pool?.query("SELECT count(*)::int AS n FROM a"))?.rows).toEqual([{ n: 1 }]);
  await Promise.all(pools.map((each) => each.end()));
});
