import type { DriftDayReport, DriftReference, DriftWatch, driftApi, ParsedOf } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { readExamples } from "./read-examples.ts";
import { boundsOf } from "./run/compare-day.ts";
import type { DriftDeps } from "./stores/deps.ts";
import { createRunStore, type RunHead } from "./stores/run-store.ts";
import { createWatchStore, type ReferenceHead, type WatchRow } from "./stores/watch-store.ts";
import { toRun } from "./to-run.ts";

type Page = ParsedOf<(typeof driftApi)["GET /api/v1/drift-watches"]>["query"];

export const createDriftReads = (deps: DriftDeps) => ({ ...createWatchReads(deps), ...createRunReads(deps) });
export type DriftReads = ReturnType<typeof createDriftReads>;

export async function findWatch({ db }: Pick<DriftDeps, "db">, scope: Scope, watchId: string): Promise<WatchRow> {
  const row = await createWatchStore(db).findWatch(scope.projectId, watchId);
  if (!row) throw notFound("drift watch", watchId);
  return row;
}

function createWatchReads(deps: DriftDeps) {
  const { db } = deps;
  return {
    async list(scope: Scope, { limit, cursor }: Page) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createWatchStore(db).listWatches(scope.projectId, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await present(deps, scope, page.items) };
    },

    async get(scope: Scope, watchId: string): Promise<DriftWatch> {
      const [watch] = await present(deps, scope, [await findWatch(deps, scope, watchId)]);
      if (!watch) throw notFound("drift watch", watchId);
      return watch;
    },

    async listReferences(scope: Scope, watchId: string, { limit, cursor }: Page) {
      await findWatch(deps, scope, watchId);
      const below = cursor === undefined ? null : Number(fromCursor(cursor, 1)[0]);
      const rows = await createWatchStore(db).listReferences(scope.projectId, watchId, { limit: limit + 1, below });
      const page = toPage(rows, limit, ({ version }) => [version]);
      return { ...page, items: page.items.map(toReference) };
    },
  };
}

const createRunReads = (deps: DriftDeps) => ({
  async listRuns(scope: Scope, watchId: string, { limit, cursor }: Page) {
    await findWatch(deps, scope, watchId);
    const before = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
    const query = { limit: limit + 1, before };
    const rows = await createRunStore(deps.db).listRuns(scope.projectId, watchId, query);
    const page = toPage(rows, limit, ({ day }) => [day]);
    return { ...page, items: await Promise.all(page.items.map((row) => toRun(deps.jobs, scope, row))) };
  },

  async getReport(scope: Scope, watchId: string, day: string): Promise<DriftDayReport> {
    const watch = await findWatch(deps, scope, watchId);
    const row = await createRunStore(deps.db).findRun(scope.projectId, watchId, day);
    if (!row) throw notFound("run of this drift watch on", day);
    const { clusters = [], words = [], currentExamples = [], referenceExamples = [] } = row.result ?? {};
    const period = await periodOf(deps, watch, row.referenceVersion);
    return {
      ...(await toRun(deps.jobs, scope, row)),
      clusters,
      words,
      currentExamples: await readExamples(deps, currentExamples, { watch, ...boundsOf(day, 1) }),
      referenceExamples: await readExamples(deps, referenceExamples, { watch, ...period }),
    };
  },
});

/** The time of a reference's calls. Items of a dataset have their texts, so that their time does not matter. */
async function periodOf({ db }: DriftDeps, watch: WatchRow, version: number) {
  const query = { limit: 1, below: version + 1 };
  const [reference] = await createWatchStore(db).listReferences(watch.projectId, watch.id, query);
  const source = reference?.source;
  return source?.kind === "range"
    ? { from: new Date(source.from), to: new Date(source.to) }
    : { from: new Date(0), to: new Date(0) };
}

const toReference = ({ version, source, texts, createdBy, createdAt }: ReferenceHead): DriftReference => ({
  version,
  source,
  texts,
  createdBy,
  createdAt: createdAt.toISOString(),
});

/** Watches with their newest run and reference. */
async function present(deps: DriftDeps, scope: Scope, rows: readonly WatchRow[]): Promise<DriftWatch[]> {
  const ids = rows.map(({ id }) => id);
  const store = createRunStore(deps.db);
  const last = new Map((await store.listLast(scope.projectId, ids)).map((run) => [run.watchId, run]));
  const open = new Map((await store.listOpen(scope.projectId, ids)).map(({ id, watchId }) => [watchId, id]));
  return Promise.all(
    rows.map((row) => toWatch(deps, scope, { row, last: last.get(row.id), investigationId: open.get(row.id) ?? null })),
  );
}

type Parts = {
  readonly row: WatchRow;
  readonly last: RunHead | undefined;
  readonly investigationId: string | null;
};

async function toWatch(deps: DriftDeps, scope: Scope, { row, last, investigationId }: Parts): Promise<DriftWatch> {
  const { id, projectId: _, createdAt, updatedAt, ...shown } = row;
  const [reference] = await createWatchStore(deps.db).listReferences(scope.projectId, id, { limit: 1, below: null });
  if (!reference) throw new Error(`The drift watch ${id} has no reference.`);
  const run = last ? await toRun(deps.jobs, scope, last) : null;
  return {
    driftWatchId: id,
    ...shown,
    reference: toReference(reference),
    status: statusOf(run),
    lastRun: run && { day: run.day, verdict: run.verdict, error: run.error, finishedAt: run.finishedAt },
    strongest: run?.signals[0] ?? null,
    investigationId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function statusOf(run: Awaited<ReturnType<typeof toRun>> | null): DriftWatch["status"] {
  if (!run) return "waiting";
  return run.state === "done" ? (run.verdict ?? "stable") : run.state;
}
