import type { ExperimentStop } from "@treadle/contract";
import { z } from "zod";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { type Budget, createBudget } from "../run/budget.ts";
import { isFinished } from "../run/is-finished.ts";
import { createResultWriter } from "../run/result-writer.ts";
import { runPool } from "../run/run-pool.ts";
import { createThrottle } from "../run/throttle.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { judgePair } from "./judge-pair.ts";
import { createJudgingStore, type JudgingRow } from "./judging-store.ts";
import { drawShared, type JudgingDeps, type Opened, openJudging } from "./open-judging.ts";
import { type AnswerPair, readPairs } from "./read-pairs.ts";
import { summariseJudging } from "./summarise-judging.ts";
import { createVerdictStore, pairKey, type VerdictRow } from "./verdict-store.ts";

const Payload = z.object({ judgingId: z.string() });
type Payload = z.output<typeof Payload>;
/** The verdicts show the progress, so no other state is stored. */
const State = z.object({});
type Run = JobRun<Payload, z.output<typeof State>>;
export const judgingJob: JobKind<Payload, z.output<typeof State>> = {
  name: "pairwise-judging",
  payload: Payload,
  state: State,
};

/** The number of items in one query. */
const PAGE = 64;
/** The minimum interval between stored results. */
const LEAST_MS = 2_000;

type Deps = JudgingDeps & { readonly statistics: Statistics };

/** Asks the judge about each pair of answers that has no verdict yet. */
export const createRunJudging = (deps: Deps): JobHandler<Payload, z.output<typeof State>> => ({
  concurrency: 2,
  isWhole: isFinished,
  async run(run) {
    const { db, clock } = deps;
    const { scope, payload } = run;
    const store = createJudgingStore(db);
    const row = await store.find(scope.projectId, payload.judgingId);
    if (!row) throw new AppError("not_found", { message: "The comparison was deleted." });
    run.report({ message: "Reading the answers", unit: "pairs" });
    const opened = await openJudging(deps, scope, row.input);
    const { itemIds, leftOut } = await drawShared(deps, row.input);
    await store.update(scope.projectId, row.id, { status: "running", error: null, items: itemIds.length, leftOut });
    const refresh = async (isRanked: boolean) => {
      const { alpha, margin } = row.input;
      const work = { judgingId: row.id, pairs: opened.pairs, alpha, margin, isRanked };
      const result = await summariseJudging(deps, work);
      await store.update(scope.projectId, row.id, { result });
    };
    // The verdicts so far are summarized, however it ends.
    const stopped = await judgeAll(deps, run, { row, opened, itemIds, refresh }).finally(() => refresh(true));
    const ended = { status: "done" as const, stopped, endedAt: new Date(clock.now()) };
    await db.transaction(async (tx) => {
      await createJudgingStore(tx).update(scope.projectId, row.id, ended);
      await run.save({}, tx);
    });
    return { judgingId: row.id, stopped };
  },
});

type Work = {
  readonly row: JudgingRow;
  readonly opened: Opened;
  readonly itemIds: readonly string[];
  refresh(isRanked: boolean): Promise<void>;
};

async function judgeAll(deps: Deps, run: Run, work: Work): Promise<ExperimentStop> {
  const { row, opened } = work;
  const { scope, signal } = run;
  const { concurrency, cache } = row.input;
  const budget = createBudget(row.input.budget, row.spent);
  let stopped: ExperimentStop | null = null;
  const writer = await openWriter(deps, run, { ...work, budget });
  const verdicts = createVerdictStore(deps.db);
  const judging = {
    judgingId: row.id,
    projectId: scope.projectId,
    scorer: opened.scorer,
    model: opened.judge.model,
    throttle: createThrottle({ most: concurrency, clock: deps.clock }),
    findKept: cache ? (hash: string) => verdicts.findKept(scope.projectId, hash) : null,
  };
  await runPool<AnswerPair>({
    tasks: listTasks(deps, work),
    width: concurrency,
    signal,
    async run(pair, until) {
      stopped ??= budget.reached();
      if (stopped !== null) return false;
      budget.begin();
      try {
        const { row: verdict, used } = await judgePair(judging, pair, until);
        budget.count(used);
        await writer.add(verdict);
      } finally {
        budget.end();
      }
      return stopped === null;
    },
    close: writer.close,
  });
  return stopped ?? "finished";
}

/** Stores verdicts with their cost, and reports progress. */
async function openWriter(
  { db, clock }: Deps,
  run: Run,
  { row, opened, itemIds, refresh, budget }: Work & { readonly budget: Budget },
) {
  const { projectId } = run.scope;
  const total = itemIds.length * opened.pairs.length;
  let done = await createVerdictStore(db).count(row.id);
  let dueAt = clock.elapsed();
  run.report({ done, total, unit: "pairs", message: "Calling the judge" });
  return createResultWriter<VerdictRow>(async (rows) => {
    await db.transaction(async (tx) => {
      await createVerdictStore(tx).add(rows);
      await createJudgingStore(tx).update(projectId, row.id, { spent: budget.spent() });
      await run.save({}, tx);
    });
    done += rows.length;
    const { calls, usd } = budget.spent();
    run.report({ done, total, unit: "pairs", message: `${countOf(calls, "call")}, ${usd.toFixed(4)} US dollars` });
    if (clock.elapsed() < dueAt) return;
    await refresh(false);
    dueAt = clock.elapsed() + LEAST_MS;
  });
}

/** The remaining pairs, in the random order of items; all pairs of an item one after another. */
async function* listTasks({ db }: Deps, { row, opened, itemIds }: Work): AsyncGenerator<AnswerPair, void, void> {
  const runs = opened.runs.map((named) => named.row);
  for (let at = 0; at < itemIds.length; at += PAGE) {
    const page = itemIds.slice(at, at + PAGE);
    const done = await createVerdictStore(db).listDone(row.id, page);
    for (const pair of await readPairs(db, { runs, pairs: opened.pairs }, page))
      if (!done.has(pairKey({ itemId: pair.item.itemId, baseRunId: pair.base.id, headRunId: pair.head.id })))
        yield pair;
  }
}
