import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openPglite } from "./open-pglite.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-pglite-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("an engine that dies is started again, with everything that was acknowledged", async () => {
  const data = join(folder, "postgres");
  const { pool, close } = await openPglite({ folder: data });
  await pool.query("CREATE TABLE kept (id integer)");
  await pool.query("INSERT INTO kept VALUES (1)");
  // Without its log, the engine can continue until it needs the next file of it, and then panics.
  await rename(join(data, "pg_wal"), join(folder, "pg_wal"));
  await pool.query("SELECT pg_switch_wal()").catch(() => {});
  await expect(pool.query("INSERT INTO kept VALUES (2)")).rejects.toMatchObject({
    code: expect.stringMatching(/^\w{5}$/),
  });
  await expect(pool.query("SELECT 1"), "it cannot open without its log").rejects.toMatchObject({
    code: "57P03",
    message: expect.stringContaining("required WAL directory"),
  });
  await rename(join(folder, "pg_wal"), join(data, "pg_wal"));
  expect((await pool.query("SELECT id FROM kept")).rows).toEqual([{ id: 1 }]);
  await pool.query("INSERT INTO kept VALUES (3)");
  await close();
});

test("a connection that was dropped inside a transaction leaves nothing of it to the next one", async () => {
  const { pool, close } = await openPglite({ folder: null });
  await pool.query("CREATE TABLE kept (id integer)");
  const client = await pool.connect();
  await client.query("BEGIN");
  await client.query("INSERT INTO kept VALUES (1)");
  await client.query("SET search_path = pg_catalog");
  client.release(true);
  expect((await pool.query("SELECT id FROM kept")).rows).toEqual([]);
  await close();
});

test("what a query answered is not kept", async () => {
  const { pool, close } = await openPglite({ folder: null });
  const query = "SELECT repeat('x', 1000) AS text FROM generate_series(1, 20000)";
  for (let warm = 0; warm < 3; warm++) await pool.query(query);
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 60; round++) await pool.query(query);
  // Sixty answers are 1,200 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000);
  await close();
});
