import type { DriftRun, DriftSource, DriftWatch, DriftWatchInput, DriftWatchPatch } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type DriftReads, findWatch } from "./read-drift.ts";
import { dayOf, startOf, yesterday } from "./run/days.ts";
import type { DriftJobs } from "./run/drift-jobs.ts";
import type { DriftDeps } from "./stores/deps.ts";
import { createRunStore } from "./stores/run-store.ts";
import { createWatchStore, type ReferenceHead, type WatchRow } from "./stores/watch-store.ts";
import { toRun } from "./to-run.ts";

const MOST_WATCHES = 50;
const WEEK_DAYS = 7;
const MOST_DAYS = 92;

type Parts = { readonly jobs: DriftJobs; readonly reads: DriftReads };

/** What changes a watch: each one transaction with its audit entry. */
export const createWatchChanges = (deps: DriftDeps, parts: Parts) => ({
  ...createCreation(deps, parts),
  ...createUpdates(deps, parts),
  ...createDeletion(deps),
  ...createRunning(deps, parts),
});

function createCreation(deps: DriftDeps, { jobs, reads }: Parts) {
  const { db, audit, clock } = deps;
  return {
    async create(scope: Scope, { reference, ...input }: DriftWatchInput): Promise<DriftWatch> {
      checkMayRead(scope);
      const now = new Date(clock.now());
      const source = reference ?? lastWeek(clock.now());
      await checkSource(deps, scope, { source, side: input.side });
      const id = newId("drft", clock.now());
      const row = { id, projectId: scope.projectId, ...input, createdBy: scope.actor, createdAt: now, updatedAt: now };
      await db.transaction(async (tx) => {
        const store = createWatchStore(tx);
        if ((await store.countWatches(scope.projectId)) >= MOST_WATCHES)
          throw wrong("body", `A project has at most ${MOST_WATCHES} drift watches. Delete one first.`);
        await store.createWatch(row);
        await store.createReference(toReference(scope, row, { version: 1, source, now }));
        await jobs.follow(scope, tx);
        await jobs.sendRun(tx, scope, { watch: row, day: yesterday(clock.now()) });
        const details = { name: row.name, endpoint: row.endpoint, side: row.side };
        await audit.record(scope, { action: "drift-watch.create", target: id, details }, tx);
      });
      return reads.get(scope, id);
    },
  };
}

function createUpdates(deps: DriftDeps, { jobs, reads }: Parts) {
  const { db, audit, clock } = deps;
  return {
    async update(scope: Scope, watchId: string, { reference, ...patch }: DriftWatchPatch): Promise<DriftWatch> {
      const watch = await findWatch(deps, scope, watchId);
      if (reference) {
        checkMayRead(scope);
        await checkSource(deps, scope, { source: reference, side: watch.side });
      }
      await db.transaction(async (tx) => {
        const changes = { ...patch, updatedAt: new Date(clock.now()) };
        const row = await createWatchStore(tx).updateWatch(scope.projectId, watchId, changes);
        if (!row) throw notFound("drift watch", watchId);
        if (reference) await replaceReference(deps, tx, { scope, watch: row, source: reference, jobs });
        if (row.isEnabled) await jobs.follow(scope, tx);
        const details = { name: row.name, fields: [...Object.keys(patch), ...(reference ? ["reference"] : [])] };
        await audit.record(scope, { action: "drift-watch.update", target: watchId, details }, tx);
      });
      return reads.get(scope, watchId);
    },
  };
}

function createDeletion({ db, audit, jobs }: DriftDeps) {
  /** A run that has ended meanwhile needs no cancelling. */
  const cancel = (scope: Scope, jobId: string) =>
    jobs.cancel(scope, jobId).catch((error) => {
      if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "not_found")) throw error;
    });
  return {
    /** Its runs are cancelled: they can take minutes. */
    async delete(scope: Scope, watchId: string): Promise<void> {
      const jobIds = await createRunStore(db).listUnfinished(scope.projectId, watchId);
      await db.transaction(async (tx) => {
        const row = await createWatchStore(tx).deleteWatch(scope.projectId, watchId);
        if (!row) throw notFound("drift watch", watchId);
        const details = { name: row.name };
        await audit.record(scope, { action: "drift-watch.delete", target: watchId, details }, tx);
      });
      for (const jobId of jobIds) await cancel(scope, jobId);
    },
  };
}

function createRunning(deps: DriftDeps, { jobs }: Pick<Parts, "jobs">) {
  const { db, clock } = deps;
  return {
    /** Compares a day again, or a day that is not over yet. */
    async run(scope: Scope, watchId: string, day = yesterday(clock.now())): Promise<DriftRun> {
      checkMayRead(scope);
      const watch = await findWatch(deps, scope, watchId);
      if (day > dayOf(clock.now())) throw wrong("day", `${day} is in the future. Choose today or an earlier day.`);
      await db.transaction((tx) => jobs.sendRun(tx, scope, { watch, day }));
      const row = await createRunStore(db).findRun(scope.projectId, watchId, day);
      if (!row) throw notFound("drift watch", watchId);
      return toRun(deps.jobs, scope, row);
    },
  };
}

type Replaced = {
  readonly scope: Scope;
  readonly watch: WatchRow;
  readonly source: DriftSource;
  readonly jobs: Pick<DriftJobs, "sendReference">;
};

/** Makes the next version of a reference. Its texts are read by a job. */
export async function replaceReference(
  { clock }: Pick<DriftDeps, "clock">,
  tx: Postgres,
  { scope, watch, source, jobs }: Replaced,
): Promise<number> {
  const store = createWatchStore(tx);
  const [newest] = await store.listReferences(scope.projectId, watch.id, { limit: 1, below: null });
  const version = (newest?.version ?? 0) + 1;
  await store.createReference(toReference(scope, watch, { version, source, now: new Date(clock.now()) }));
  await jobs.sendReference(tx, scope, watch);
  return version;
}

type Version = { readonly version: number; readonly source: DriftSource; readonly now: Date };

const toReference = (scope: Scope, { id, projectId }: WatchRow, { version, source, now }: Version): ReferenceHead => ({
  id: newId("dref", now.getTime()),
  projectId,
  watchId: id,
  version,
  source,
  texts: null,
  createdBy: scope.actor,
  createdAt: now,
});

/** The 7 days before yesterday, which the first run compares. */
function lastWeek(now: number): DriftSource {
  const to = startOf(yesterday(now)).getTime();
  return { kind: "range", from: new Date(to - WEEK_DAYS * DAY_MS).toISOString(), to: new Date(to).toISOString() };
}

type Chosen = { readonly source: DriftSource; readonly side: WatchRow["side"] };

async function checkSource(deps: DriftDeps, scope: Scope, { source, side }: Chosen): Promise<void> {
  if (source.kind === "dataset") {
    if (!scope.permissions.has("datasets:read"))
      throw new AppError("forbidden", {
        message: "A dataset as the reference needs the permission `datasets:read` too.",
      });
    await deps.readDatasetTexts(scope, { datasetId: source.datasetId, version: source.version, side, limit: 1 });
    return;
  }
  const [from, to] = [Date.parse(source.from), Date.parse(source.to)];
  if (from >= to) throw wrong("reference.to", "The reference ends before it starts. `to` must be after `from`.");
  if (to - from > MOST_DAYS * DAY_MS)
    throw wrong("reference", `The reference is longer than ${MOST_DAYS} days. Choose a shorter time.`);
  if (from > deps.clock.now()) throw wrong("reference.from", "The reference starts in the future. Choose a past time.");
}

function checkMayRead({ permissions }: Scope): void {
  if (!permissions.has("traces:read"))
    throw new AppError("forbidden", {
      message: "To read the texts of traces, a drift watch needs the permission `traces:read` too.",
    });
}

const wrong = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
