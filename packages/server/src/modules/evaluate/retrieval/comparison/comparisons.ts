import type {
  ParsedOf,
  RetrievalComparison,
  RetrievalDifference,
  RetrievalGrid,
  retrievalRunsApi,
} from "@treadle/contract";
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

export const createComparisons = (deps: RetrievalDeps) => ({ ...createPairs(deps), ...createGrids(deps) });

function createPairs({ db }: RetrievalDeps) {
  const store = createRunStore(db);
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
  };
}

function createGrids(deps: RetrievalDeps) {
  const store = createRunStore(deps.db);
  const present = createPresent(deps);
  return {
    /** Each run of a grid compared with the first, corrected for the number of runs. */
    async getGrid(scope: Scope, gridId: string, query: GridQuery): Promise<RetrievalGrid> {
      const rows = await store.listGrid(scope.projectId, gridId);
      if (rows.length === 0) throw notFound("grid of retrieval runs", gridId);
      const differences = await compareWithFirst(deps, rows, query);
      const compared: RetrievalGrid["rows"] = [];
      for (const row of rows)
        compared.push({ run: await present(scope, row), difference: differences.get(row.id) ?? null });
      return { gridId, measure: query.measure, rows: compared };
    },
  };
}

/** The differences of finished runs by their ids. None until the first run is done. */
async function compareWithFirst({ db }: RetrievalDeps, [first, ...others]: readonly RunRow[], query: GridQuery) {
  if (!first?.summary) return new Map<string, RetrievalDifference>();
  const store = createRunStore(db);
  const base = await store.listMeasured(first.id);
  const heads = others.filter(({ summary }) => summary);
  const compared: Parameters<typeof correctAll>[0][number][] = [];
  for (const { id } of heads) {
    const paired = pairResults(base, await store.listMeasured(id));
    compared.push({ measure: query.measure, comparison: compareMeasure(paired, query.measure, query) });
  }
  const differences = correctAll(compared, query);
  return new Map(heads.flatMap(({ id }, at) => (differences[at] ? [[id, differences[at]] as const] : [])));
}

function checkComparable(base: RunRow, head: RunRow): void {
  if (base.setId !== head.setId)
    throw new AppError("conflict", { message: "The runs have different question sets. Compare runs of one set." });
  for (const { summary, name } of [base, head])
    if (!summary)
      throw new AppError("conflict", { message: `The run "${name}" is not done. Wait until it has ended.` });
}
