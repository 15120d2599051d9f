import type { ParsedOf, RetrievalComparison, RetrievalGrid, RetrievalRun, retrievalRunsApi } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createPresent } from "../runs/present-run.ts";
import { findRun } from "../runs/runs.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { compareMeasure, compareMeasures, correctAll, listChanged, pairResults } from "./compare-results.ts";

type Api = typeof retrievalRunsApi;
type CompareQuery = ParsedOf<Api["GET /api/v1/retrieval-runs/:retrievalRunId/compare"]>["query"];
type GridQuery = ParsedOf<Api["GET /api/v1/retrieval-grids/:gridId"]>["query"];

export function createComparisons(deps: RetrievalDeps) {
  const { db } = deps;
  const store = createRunStore(db);
  const present = createPresent(deps);
  return {
    /** A run compared with a base run of the same question set. Throws `conflict` if one is not done. */
    async compareRuns(scope: Scope, runId: string, query: CompareQuery): Promise<RetrievalComparison> {
      const [head, base] = [await findRun(db, scope, runId), await findRun(db, scope, query.base)];
      checkComparable(base, head);
      const paired = pairResults(await store.listMeasured(base.id), await store.listMeasured(head.id));
      return {
        baseRunId: base.id,
        headRunId: head.id,
        measure: query.measure,
        verdict: compareMeasure(paired, query.measure, query).verdict,
        leftOut: paired.leftOut,
        differences: compareMeasures(paired, query),
        changed: listChanged(paired, query.measure),
      };
    },

    /** Each run of a grid compared with the first, corrected for the number of runs. */
    async getGrid(scope: Scope, gridId: string, { measure, margin }: GridQuery): Promise<RetrievalGrid> {
      const rows = await store.listGrid(scope.projectId, gridId);
      const [first, ...others] = rows;
      if (!first) throw notFound("grid of retrieval runs", gridId);
      const heads = first.summary ? others.filter(({ summary }) => summary) : [];
      const base = heads.length === 0 ? [] : await store.listMeasured(first.id);
      const compared = [];
      for (const { id } of heads) {
        const paired = pairResults(base, await store.listMeasured(id));
        compared.push({ measure, comparison: compareMeasure(paired, measure, { margin }) });
      }
      const differences = correctAll(compared, { margin });
      const byRun = new Map(heads.map(({ id }, at) => [id, differences[at]]));
      const runs: RetrievalRun[] = [];
      for (const row of rows) runs.push(await present(scope, row));
      return {
        gridId,
        measure,
        rows: runs.map((run) => ({ run, difference: byRun.get(run.retrievalRunId) ?? null })),
      };
    },
  };
}

function checkComparable(base: RunRow, head: RunRow): void {
  if (base.setId !== head.setId)
    throw new AppError("conflict", { message: "The runs have different question sets. Compare runs of one set." });
  for (const { summary, name } of [base, head])
    if (!summary)
      throw new AppError("conflict", { message: `The run "${name}" is not done. Wait until it has ended.` });
}
