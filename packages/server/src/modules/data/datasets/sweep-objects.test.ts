import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Item } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { openFolderObjects } from "../../../platform/objects/folder.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createItemStreams } from "./chunks/item-streams.ts";
import { createManifests, type Manifest } from "./chunks/manifest.ts";
import { createSweep } from "./sweep-objects.ts";

let postgres: PostgresStore;
let folder: string;
let objects: Objects;
let now = Date.parse("2026-11-01T00:00:00Z");
const clock = { now: () => now, elapsed: () => now };
const deleted: string[] = [];

beforeAll(async () => {
  postgres = await openTestPostgres();
  folder = await mkdtemp(join(tmpdir(), "treadle-sweep-"));
  objects = await openFolderObjects(folder);
});
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

const items = (from: number, count: number): Item[] =>
  Array.from({ length: count }, (_, at) => ({
    itemId: `i${from + at}`,
    inputs: { text: `Text ${from + at}` },
    expected: null,
    metadata: {},
    source: { kind: "manual" as const },
    split: null,
  }));

test("what no version and no draft holds goes after two days, unless it was written again or another project has it", async () => {
  const { db } = postgres;
  const manifests = createManifests(objects);
  const streams = createItemStreams({ db, objects, manifests, clock });
  const scopeOf = (projectId: string) => ({ projectId, actor: "user_1", userId: null, permissions: new Set<never>() });
  const rows = { delete: async (_: string, gone: readonly string[]) => void deleted.push(...gone) };
  const { sweep } = createSweep({ db, objects, manifests, rows, jobs: { send: async () => "job" }, clock });
  const write = (projectId: string, from: number) => streams.writeItems(scopeOf(projectId), items(from, 300));
  await db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES ('one', 'One', now()), ('two', 'Two', now())`,
  );
  const held = await write("one", 0);
  const [dead, shared, again] = [await write("one", 1_000), await write("one", 2_000), await write("one", 3_000)];
  await write("two", 2_000);
  await db.execute(sql`INSERT INTO datasets VALUES ('ds', 'one', 'D', '', false, '{}', 's', 'u', now(), now())`);
  await db.execute(sql`INSERT INTO dataset_versions VALUES
    ('one', 'ds', 1, ${held.root}, ${held.sha}, 300, 'main', NULL, NULL, 'm', 'u', now(), '{}', '[]')`);
  const isThere = async ({ sha, chunks }: Manifest) =>
    (await objects.has(sha)) && (await Promise.all(chunks.map(({ object }) => objects.has(object)))).every(Boolean);

  expect(await sweep()).toBe(0);
  now += 3 * DAY_MS;
  await write("one", 3_000);
  await write("two", 2_000);
  expect(await sweep()).toBeGreaterThan(0);
  expect(await isThere(held)).toBe(true);
  expect(await isThere(again)).toBe(true);
  expect(await isThere(shared)).toBe(true);
  expect(await objects.has(dead.sha)).toBe(false);
  for (const { object } of dead.chunks) expect(await objects.has(object)).toBe(false);
  expect(deleted).toEqual(expect.arrayContaining(dead.chunks.map(({ object }) => object)));
  expect(deleted).not.toEqual(expect.arrayContaining(held.chunks.map(({ object }) => object)));
  expect(await sweep()).toBe(0);
});

test("a manifest that a killed server noted and never stored does not stop the sweep", async () => {
  const { db } = postgres;
  await db.execute(
    sql`INSERT INTO dataset_manifests (project_id, sha, touched_at) VALUES ('one', ${"e".repeat(64)}, ${new Date(now).toISOString()})`,
  );
  const manifests = createManifests(objects);
  const rows = { delete: async () => undefined };
  const { sweep } = createSweep({ db, objects, manifests, rows, jobs: { send: async () => "job" }, clock });
  expect(await sweep()).toBe(0);
});
