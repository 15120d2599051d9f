import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { openColumnar } from "../../../packages/server/src/platform/columnar/open.ts";
import { openPostgres } from "../../../packages/server/src/platform/postgres/open.ts";
import { type Child, start } from "./stores-run.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-faults-kill-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const idsOf = (children: readonly Child[], key: string) =>
  children.flatMap((child) => child.lines.flatMap((line) => z.array(z.string()).optional().parse(line[key]) ?? []));

test("a first start that was killed at any moment is made good by the next one", async () => {
  const moments = [
    "postgres.new",
    "postgres.new/base/5",
    "postgres",
    "postgres/global/pg_internal.init",
    "columnar/metadata",
  ];
  for (const [index, moment] of moments.entries()) {
    const path = join(folder, `first-start-${index}`);
    const killed = start("write", path);
    await expect.poll(() => existsSync(join(path, moment)), { timeout: 60_000, interval: 1 }).toBe(true);
    await killed.kill();
    const postgres = await openPostgres({ folder: join(path, "postgres") });
    await postgres.db.execute(sql`INSERT INTO projects VALUES ('p', 'Project', false, now())`);
    await postgres.close();
    const columnar = await openColumnar({ folder: join(path, "columnar") });
    await columnar.insert("spans", [{ project_id: "p", start_time: "1790000000" }]);
    await columnar.close();
    expect((await readdir(path)).sort()).toEqual(["columnar", "postgres"]);
  }
}, 240_000);

test("what was acknowledged before a kill is there afterwards, once", async () => {
  const path = join(folder, "writes");
  const children: Child[] = [];
  for (let round = 0; round < 4; round++) {
    const child = start("write", path);
    children.push(child);
    await child.tells("columnar");
    await delay(Math.random() * 800);
    await child.kill();
  }
  const postgres = await openPostgres({ folder: join(path, "postgres") });
  const columnar = await openColumnar({ folder: join(path, "columnar") });
  const { rows } = await postgres.db.execute<{ id: string }>(sql`SELECT id FROM kept`);
  const spans = await columnar.select({
    sql: "SELECT span_id FROM spans",
    params: {},
    row: z.object({ span_id: z.string() }),
  });
  await postgres.close();
  await columnar.close();
  const inPostgres = rows.map(({ id }) => id);
  const inColumnar = spans.map(({ span_id }) => span_id);
  expect(idsOf(children, "postgres").length).toBeGreaterThan(100);
  expect(idsOf(children, "postgres").filter((id) => !inPostgres.includes(id))).toEqual([]);
  expect(idsOf(children, "columnar").filter((id) => !inColumnar.includes(id))).toEqual([]);
  expect(new Set(inColumnar).size).toBe(inColumnar.length);
}, 240_000);

test("a migration that was killed is rolled back or complete, and the next start finishes", async () => {
  const path = join(folder, "migration");
  for (let round = 0; round < 4; round++) {
    const killed = start("migrate", path);
    await killed.tells("opened");
    await delay(Math.random() * 400);
    await killed.kill();
  }
  const last = start("migrate", path);
  expect(await last.tells("migrated")).toEqual([30_000, 30_000, 30_000, 30_000, 30_000]);
  await last.ended;
}, 240_000);
