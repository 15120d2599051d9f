import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock as clock } from "../../../../kernel/clock.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import type { JobHandler } from "../../../../platform/jobs/port.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createItemStreams } from "../chunks/item-streams.ts";
import { createManifests } from "../chunks/manifest.ts";
import { createChunkStore } from "../stores/chunk-store.ts";
import { datasetChunks } from "../stores/schema.ts";
import { createIndexing } from "./index-rows.ts";

const PROJECT = "prj_a";
const LOST = "f".repeat(64);
const scope = { projectId: PROJECT, actor: "user_1", userId: null, permissions: new Set<never>() };

let postgres: PostgresStore;
let columnar: Columnar;
let objects: Objects;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-index-"));
  [postgres, columnar, objects] = await Promise.all([
    openTestPostgres(),
    openTestColumnar(),
    openFolderObjects(folder),
  ]);
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${PROJECT}, 'A', now())`);
});
afterAll(async () => {
  await Promise.all([postgres.close(), columnar.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** The job's handler, and what it needs for one run. */
function openJob(from: Objects = objects) {
  let handler: JobHandler<object, null> | undefined;
  const jobs = {
    register(_kind: unknown, given: unknown) {
      handler = given as JobHandler<object, null>;
    },
    send: async () => "job",
  };
  createIndexing({ db: postgres.db, columnar, objects: from, jobs, clock });
  let saves = 0;
  return {
    saves: () => saves,
    run: () =>
      handler?.run({
        jobId: "job",
        scope,
        payload: {},
        state: null,
        signal: new AbortController().signal,
        report() {},
        save: async () => void saves++,
      }),
  };
}

async function writeItems(from: number) {
  const { db } = postgres;
  const streams = createItemStreams({ db, objects, manifests: createManifests(objects), clock });
  const { chunks } = await streams.writeItems(
    scope,
    Array.from({ length: 300 }, (_, at) => ({
      itemId: `i${from + at}`,
      inputs: { text: `Text ${from + at}` },
      expected: null,
      metadata: {},
      source: { kind: "manual" as const },
      split: null,
    })),
  );
  return chunks.map(({ object }) => object);
}

const unindexed = async () =>
  (await postgres.db.select().from(datasetChunks).where(sql`${datasetChunks.indexedAt} IS NULL`)).map(
    ({ object }) => object,
  );

test("a chunk that a killed server noted and never stored does not fail the job, and all others are indexed", async () => {
  const stored = await writeItems(0);
  const { db } = postgres;
  const [row] = await db
    .select()
    .from(datasetChunks)
    .where(eq(datasetChunks.object, stored[0] ?? ""));
  if (!row) throw new Error("no chunk was noted");
  await createChunkStore(db).touchChunks(PROJECT, [{ ...row, object: LOST }], new Date());
  const job = openJob();
  expect(await job.run()).toEqual({ chunks: stored.length });
  expect(await unindexed()).toEqual([LOST]);
  expect(job.saves(), "each round counts as progress, so that interruptions do not add up").toBeGreaterThan(0);
});

test("a chunk that is stored while the job runs is indexed by it", async () => {
  const late = await writeItems(1_000);
  let looks = 0;
  // The first look comes before the object is there, the second after.
  const has = async (object: string) => looks++ >= late.length + 1 && objects.has(object);
  expect(await openJob({ ...objects, has }).run()).toEqual({ chunks: late.length });
  expect(await unindexed()).toEqual([LOST]);
});
