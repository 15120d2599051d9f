import type { ParsedOf, RetrievalRun, retrievalRunsApi } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { cancelJob } from "../sets/cancel-job.ts";
import { findSet } from "../sets/find-set.ts";
import { placeOf } from "../sets/questions.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createPresent } from "./present-run.ts";
import { writeRunFile } from "./write-run-file.ts";

type Query = ParsedOf<(typeof retrievalRunsApi)["GET /api/v1/question-sets/:questionSetId/runs"]>["query"];

export const createRuns = (deps: RetrievalDeps) => ({
  ...createReads(deps),
  ...createResults(deps),
  ...createEnds(deps),
});

/** Throws `not_found`, also for a run of another project. */
export async function findRun(db: Postgres, scope: Scope, runId: string): Promise<RunRow> {
  const row = await createRunStore(db).find(scope.projectId, runId);
  if (!row) throw notFound("retrieval run", runId);
  return row;
}

function createReads(deps: RetrievalDeps) {
  const { db } = deps;
  const present = createPresent(deps);
  return {
    async listRuns(scope: Scope, setId: string, { limit, cursor }: Query) {
      await findSet(db, scope, setId);
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createRunStore(db).list(setId, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items: RetrievalRun[] = [];
      for (const row of page.items) items.push(await present(scope, row));
      return { ...page, items };
    },

    getRun: async (scope: Scope, runId: string): Promise<RetrievalRun> =>
      present(scope, await findRun(db, scope, runId)),
  };
}

/** A TREC file holds at most so many results, which are read at once. */
const MOST_RESULTS = 5_000;

function createResults({ db }: RetrievalDeps) {
  const store = createRunStore(db);
  return {
    async listResults(scope: Scope, runId: string, { limit, cursor }: Query) {
      await findRun(db, scope, runId);
      const after = cursor === undefined ? null : placeOf(cursor);
      const rows = await store.listResults(runId, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ place, questionId }) => [place, questionId]);
      return { ...page, items: page.items.map(({ result }) => result) };
    },

    /** The rankings as a TREC run file. */
    async exportRun(scope: Scope, runId: string) {
      const { id } = await findRun(db, scope, runId);
      const rows = await store.listResults(runId, { limit: MOST_RESULTS, after: null });
      const results = rows.map(({ result }) => result);
      return { name: `${id}.txt`, text: writeRunFile(results, id) };
    },
  };
}

function createEnds(deps: RetrievalDeps) {
  const { db, jobs, audit } = deps;
  const present = createPresent(deps);
  return {
    async cancelRun(scope: Scope, runId: string): Promise<RetrievalRun> {
      const row = await findRun(db, scope, runId);
      if (row.summary) throw new AppError("conflict", { message: "The run is done, so it cannot be canceled." });
      await jobs.cancel(scope, row.jobId);
      await audit.record(scope, { action: "retrieval-run.cancel", target: runId, details: { name: row.name } });
      return present(scope, row);
    },

    async deleteRun(scope: Scope, runId: string): Promise<void> {
      const row = await createRunStore(db).delete(scope.projectId, runId);
      if (!row) throw notFound("retrieval run", runId);
      if (row.summary === null) await cancelJob(deps, scope, row.jobId);
      await audit.record(scope, { action: "retrieval-run.delete", target: runId, details: { name: row.name } });
    },
  };
}
