import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { openJobs } from "../../../packages/server/src/platform/jobs/open.ts";
import { openPostgres } from "../../../packages/server/src/platform/postgres/open.ts";
import type { PostgresStore } from "../../../packages/server/src/platform/postgres/port.ts";
import { startPostgresServer } from "../../../packages/server/src/platform/postgres/testing/start-postgres-server.ts";
import { countKills } from "./killable.ts";

const program = fileURLToPath(new URL("./jobs-child.ts", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "treadle-faults-jobs-"));
const server = await startPostgresServer();
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const JOBS = 12;
const STEPS = 60;
const KILLS = countKills(6);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const scope = { projectId: "p", actor: "system", userId: null, permissions: new Set<never>() };
const stepping = { name: "stepping", payload: z.object({ steps: z.number() }) };

/** Resolves once the child has opened its stores, or done its first step. */
async function startChild(args: readonly string[], sign: "started" | "stepped" = "started"): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  if (!child.stdout) throw new Error("no output");
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await expect.poll(() => output, { timeout: 60_000, interval: 10 }).toContain(`"${sign}"`);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Creates the jobs, and a table that counts their steps. */
async function prepare({ db }: PostgresStore): Promise<void> {
  await db.execute(sql`INSERT INTO projects VALUES ('p', 'Project', false, now())`);
  await db.execute(sql`CREATE TABLE steps (job_id text NOT NULL, step integer NOT NULL)`);
  const jobs = openJobs({ db, log: silent, isAlone: false });
  await db.transaction(async (tx) => {
    for (let index = 0; index < JOBS; index++)
      await jobs.send(tx, scope, { kind: stepping, payload: { steps: STEPS }, title: `Job ${index}` });
  });
  await jobs.close();
}

async function countStatuses({ db }: PostgresStore): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ status: string; n: number }>(
    sql`SELECT status, count(*)::int AS n FROM jobs GROUP BY status`,
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

/** Checks that every job is done, and that each step ran once and in order. */
async function expectAllOnce(store: PostgresStore): Promise<void> {
  expect(await countStatuses(store)).toEqual({ done: JOBS });
  const { rows } = await store.db.execute<{ steps: number; distinct: number }>(
    sql`SELECT count(*)::int AS steps, count(DISTINCT (job_id, step))::int AS distinct FROM steps`,
  );
  expect(rows).toEqual([{ steps: JOBS * STEPS, distinct: JOBS * STEPS }]);
  const failed = await store.db.execute(
    sql`SELECT id FROM jobs WHERE failures > 0 OR result->>'steps' <> ${`${STEPS}`}`,
  );
  expect(failed.rows).toEqual([]);
}

test(`jobs of a server that is killed ${KILLS} times are each done once`, async () => {
  const path = join(folder, "postgres");
  const before = await openPostgres({ folder: path });
  await prepare(before);
  await before.close();
  for (let kill = 0; kill < KILLS; kill++) {
    const child = await startChild([path], kill % 2 === 0 ? "started" : "stepped");
    await delay(50 + Math.random() * 250);
    // A regular stop must be as safe as a kill.
    await end(child, kill % 4 === 3 ? "SIGTERM" : "SIGKILL");
  }
  const midway = await openPostgres({ folder: path });
  const { rows } = await midway.db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM steps`);
  await midway.close();
  expect(rows[0]?.n).toBeGreaterThan(0);
  for (let rounds = 0; rounds < 30; rounds++) {
    const store = await openPostgres({ folder: path });
    const statuses = await countStatuses(store);
    if (statuses.done === JOBS) {
      await expectAllOnce(store);
      return store.close();
    }
    await store.close();
    const more = await startChild([path]);
    await delay(5_000);
    await end(more, "SIGTERM");
  }
  throw new Error("the jobs were not done");
}, 240_000);

test.runIf(server)(
  "the others take over what a killed process of several was doing",
  async () => {
    if (!server) throw new Error("no server");
    const url = await server.createDatabase();
    const store = await openPostgres({ url, folder: null });
    await prepare(store);
    let children: ChildProcess[] = await Promise.all([startChild(["", url]), startChild(["", url])]);
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(50 + Math.random() * 250);
      const [victim, ...others] = children;
      if (!victim) throw new Error("no process");
      await end(victim, "SIGKILL");
      children = [...others, await startChild(["", url])];
    }
    await expect.poll(() => countStatuses(store), { timeout: 120_000, interval: 200 }).toEqual({ done: JOBS });
    await expectAllOnce(store);
    await Promise.all(children.map((child) => end(child, "SIGTERM")));
    await store.close();
  },
  240_000,
);
