import type { Job } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { z } from "zod";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { openPostgres } from "../../postgres/open.ts";
import type { PostgresStore } from "../../postgres/port.ts";
import { openTestPostgres } from "../../postgres/testing/open-test-postgres.ts";
import { startPostgresServer } from "../../postgres/testing/start-postgres-server.ts";
import { type JobsAdapter, openJobs } from "../open.ts";
import type { JobHandler, JobKind, JobOrder, JobRun } from "../port.ts";
import type { Timing } from "../timing.ts";

type Engine = { readonly name: string; open(): Promise<PostgresStore> };
export type CountRun = JobRun<{ to: number }, { at: number }>;
type Setting = { readonly isAlone?: boolean; readonly timing?: Partial<Timing> };

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Jobs of projects with a time in either column wait. */
const PAUSED = sql`EXISTS (SELECT FROM projects
  WHERE projects.id = project_id AND (archived_at IS NOT NULL OR deleted_at IS NOT NULL))`;
const FAST = { pollMs: 100, beatMs: 40, leaseMs: 400, progressMs: 30, firstWaitMs: 20, longestWaitMs: 40, graceMs: 60 };

export const counting: JobKind<{ to: number }, { at: number }> = {
  name: "count",
  payload: z.object({ to: z.number() }),
  state: z.object({ at: z.number() }),
};

/** The databases that contain jobs, and a function that closes them. */
export async function startEngines(): Promise<{ engines: Engine[]; stop(): Promise<void> }> {
  const server = await startPostgresServer();
  const engines: Engine[] = [{ name: "PGlite", open: openTestPostgres }];
  if (server) {
    const url = await server.createDatabase();
    engines.push({ name: "PostgreSQL", open: () => openPostgres({ url, folder: null }) });
  }
  return { engines, stop: async () => server?.stop() };
}

/** Rejects when the run is stopped or was already stopped, and never before. */
export const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** A database with a project for each test, and processes on it that are closed after it. */
export function useJobWorld(open: Engine["open"]) {
  let store: PostgresStore;
  let scope: Scope;
  let opened: JobsAdapter[] = [];
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    scope = await makeProject();
  });
  afterEach(async () => {
    await Promise.all(opened.map((jobs) => jobs.close()));
    opened = [];
    await store.db.execute(sql`DELETE FROM projects`);
  });

  async function makeProject(): Promise<Scope> {
    const projectId = newId("proj");
    await store.db.execute(sql`INSERT INTO projects VALUES (${projectId}, 'Project', false, now())`);
    return { projectId, actor: "user_a", userId: "user_a", permissions: new Set() };
  }

  return {
    get db() {
      return store.db;
    },
    get scope() {
      return scope;
    },
    makeProject,
    /** A separate process from the database's point of view. */
    process(handler: JobHandler<{ to: number }, { at: number }>, { isAlone = false, timing = {} }: Setting = {}) {
      const jobs = openJobs({ db: store.db, log: silent, isAlone, isPaused: PAUSED, timing: { ...FAST, ...timing } });
      jobs.register(counting, handler);
      jobs.start();
      opened.push(jobs);
      return jobs;
    },
    /** A process that runs no jobs and only sends requests. */
    onlooker: () => openJobs({ db: store.db, log: silent, isAlone: false, timing: FAST }),
    send: (jobs: JobsAdapter, to = 1, { in: project = scope, ...more }: SendOptions = {}) =>
      store.db.transaction((tx) =>
        jobs.send(tx, project, { kind: counting, payload: { to }, title: "Count", ...more }),
      ),
    until: (jobs: JobsAdapter, jobId: string, status: Job["status"]) =>
      expect.poll(async () => (await jobs.get(scope, jobId)).status, { timeout: 10_000, interval: 10 }).toBe(status),
  };
}
type SendOptions = Partial<JobOrder<{ to: number }>> & { readonly in?: Scope };
