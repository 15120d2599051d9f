import type { ExperimentSpent, ExperimentStop } from "@treadle/contract";
import { z } from "zod";
import { countOf } from "../../../../kernel/count-of.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { createExperimentStore } from "../stores/experiment-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import { type Answer, answerKey, createResultRemoval, createResultStore } from "../stores/result-store.ts";
import { createRetryStore } from "../stores/retry-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import { answerItem, type Task } from "./answer-item.ts";
import { type Budget, createBudget } from "./budget.ts";
import type { EvalDeps, WithStatistics } from "./deps.ts";
import { isFinished } from "./is-finished.ts";
import { ensureItemSet } from "./item-set.ts";
import { type OpenExperiment, type OpenRun, openExperiment } from "./open-experiment.ts";
import { createResultWriter } from "./result-writer.ts";
import { runPool } from "./run-pool.ts";
import { createSummaries, type Summaries } from "./run-summaries.ts";
import { createThrottle, DEFAULT_OUTAGE_SECONDS, type Throttle } from "./throttle.ts";

const Payload = z.object({ experimentId: z.string() });
type Payload = z.output<typeof Payload>;
/** The answers show the progress of an experiment, so no other state is stored. */
const State = z.object({});
type Run = JobRun<Payload, z.output<typeof State>>;

export const experimentJob: JobKind<Payload, z.output<typeof State>> = {
  name: "experiment",
  payload: Payload,
  state: State,
};

/** The number of items in one query. */
const PAGE = 64;
const MOST_QUOTED = 500;

/** Answers every item with every variant, with all repeats. An existing answer is not requested again. */
export const createRunExperiment = (deps: EvalDeps & WithStatistics): JobHandler<Payload, z.output<typeof State>> => ({
  concurrency: 2,
  isWhole: isFinished,
  async run(run) {
    const { db, clock } = deps;
    const { scope, payload } = run;
    const opened = await openExperiment(deps, scope, payload.experimentId);
    await createExperimentStore(db).update(scope.projectId, opened.row.id, { status: "running", error: null });
    await createRunStore(db).updateOf(scope.projectId, opened.row.id, { status: "running" });
    run.report({ message: "Reading the items", unit: "answers" });
    const items = await fixItems(deps, run, opened);
    const summaries = createSummaries({
      db,
      statistics: deps.statistics,
      scope,
      clock,
      runs: opened.runs,
      stop: opened.row.input.stop,
    });
    const stopped = await answerAll(deps, run, { opened, items, summaries }).catch(async (error: unknown) => {
      // The answers so far are summarized anyway.
      await summaries.refresh();
      throw error;
    });
    await summaries.finish();
    const failed = opened.runs.filter(({ runId }) => isMostlyErrors(summaries.countsOf(runId)));
    const error = await describeErrors(db, failed, summaries);
    const endedAt = new Date(clock.now());
    await db.transaction(async (tx) => {
      const ended = error === null ? { status: "done" as const, stopped } : { status: "failed" as const, error };
      await createExperimentStore(tx).update(scope.projectId, opened.row.id, { ...ended, endedAt });
      await createRunStore(tx).updateOf(scope.projectId, opened.row.id, { status: "done", endedAt });
      for (const { runId } of failed) await createRunStore(tx).update(scope.projectId, runId, { status: "failed" });
      await run.save({}, tx);
    });
    return { experimentId: opened.row.id, stopped, ...summaries.counts() };
  },
});

/** Errors are not answers: a run with mostly errors shows nothing about its variant. */
const isMostlyErrors = ({ answers, errors }: { answers: number; errors: number }): boolean => errors > answers / 2;

/** The errors of runs with mostly errors, and the next step. Null if there are none. */
async function describeErrors(db: EvalDeps["db"], failed: readonly OpenRun[], summaries: Summaries) {
  const [first] = failed;
  if (!first) return null;
  const parts = failed.map(({ runId, variant }) => {
    const { answers, errors } = summaries.countsOf(runId);
    return `${errors} of ${answers} answers of "${variant.name}"`;
  });
  const message = (await createRetryStore(db).findCommonError(first.runId))?.slice(0, MOST_QUOTED) ?? "";
  return `Most answers are errors: ${parts.join(", ")}. The most frequent error: ${message} Fix the cause, then resume. All errors are retried.`;
}

type Items = { readonly id: string; readonly items: number };

/** Writes down which items are answered, and how many answers that makes. */
async function fixItems(deps: EvalDeps, { scope, signal }: Run, { row, runs }: OpenExperiment): Promise<Items> {
  const choice = { ...row.input.dataset, root: row.root };
  const set = await ensureItemSet(deps, scope, { choice, signal });
  const [first] = runs;
  await deps.db.transaction(async (tx) => {
    const changes = { itemSetId: set.id, planned: set.items * (first?.repeats ?? 1) };
    await createRunStore(tx).updateOf(scope.projectId, row.id, changes);
    await createExperimentStore(tx).update(scope.projectId, row.id, { itemSetId: set.id, items: set.items });
  });
  return set;
}

type Work = { readonly opened: OpenExperiment; readonly items: Items; readonly summaries: Summaries };

async function answerAll(deps: EvalDeps, run: Run, work: Work): Promise<ExperimentStop> {
  const { opened, summaries } = work;
  const { concurrency, budget: limits, maxOutageSeconds = DEFAULT_OUTAGE_SECONDS } = opened.row.input;
  const budget = createBudget(limits, opened.row.spent);
  let hadOutage = false;
  const throttle = createThrottle({
    most: concurrency,
    clock: deps.clock,
    maxOutageMs: maxOutageSeconds * 1_000,
    onOutage({ model, lastedMs }) {
      hadOutage = true;
      const seconds = Math.round(lastedMs / 1_000);
      const message = `Waiting for the provider of "${model}": unavailable for ${seconds} s, stops after ${maxOutageSeconds} s`;
      run.report({ message });
    },
  });
  await summaries.refresh();
  const stopped = await answerOnce(deps, run, { ...work, budget, throttle });
  if (stopped !== null || !hadOutage) return stopped ?? "finished";
  // Before the circuit opened, calls failed; their items are as good as any.
  await createResultRemoval(deps.db).deleteErrors(opened.runs.map(({ runId }) => runId));
  await summaries.refresh();
  return (await answerOnce(deps, run, { ...work, budget, throttle })) ?? "finished";
}

type Pass = Work & { readonly budget: Budget; readonly throttle: Throttle };

/** Answers what has no answer yet; null when all of it was tried. */
async function answerOnce(deps: EvalDeps, run: Run, pass: Pass): Promise<ExperimentStop | null> {
  const { db, complete, clock } = deps;
  const { scope, signal } = run;
  const { opened, items, summaries, budget, throttle } = pass;
  const { concurrency, cache } = opened.row.input;
  let stopped: ExperimentStop | null = null;
  const writer = createResultWriter<Answer>(async (answers) => {
    await db.transaction(async (tx) => {
      await createResultStore(tx).add(answers);
      await createExperimentStore(tx).update(scope.projectId, opened.row.id, { spent: budget.spent() });
      await run.save({}, tx);
    });
    summaries.note(answers);
    reportProgress(run, pass, budget.spent());
    if ((await summaries.refreshIfDue()) && (await summaries.isPrecise())) stopped ??= "precision";
  });
  const results = createResultStore(db);
  const findKept = cache ? (hash: string) => results.findKept(scope.projectId, hash) : null;
  const answering = { scope, complete, clock, throttle, budget, findKept };
  await runPool<Task>({
    tasks: listTasks(deps, opened, items),
    width: concurrency,
    signal,
    async run(task, until) {
      stopped ??= budget.reached();
      if (stopped !== null) return false;
      budget.begin();
      try {
        await writer.add(await answerItem(answering, task, until));
      } finally {
        budget.end();
      }
      return stopped === null;
    },
    // Paid answers are stored even when another part failed.
    close: writer.close,
  });
  return stopped;
}

function reportProgress(run: Run, { opened, items, summaries }: Work, { usd, calls }: ExperimentSpent): void {
  const { answers: done, errors } = summaries.counts();
  const total = items.items * opened.runs.reduce((sum, { repeats }) => sum + repeats, 0);
  const message = `${countOf(calls, "call")}, ${usd.toFixed(4)} US dollars${errors > 0 ? `, ${countOf(errors, "error")}` : ""}`;
  run.report({ done, total, unit: "answers", message });
}

/** The remaining answers and scores, in the random order of items; all answers to an item one after another. */
async function* listTasks(
  { db }: Pick<EvalDeps, "db">,
  { runs }: OpenExperiment,
  { id }: Items,
): AsyncGenerator<Task, void, void> {
  const store = createResultStore(db);
  const runIds = runs.map(({ runId }) => runId);
  for (let after = -1; ; ) {
    const page = await createItemStore(db).listDrawn(id, { after, limit: PAGE });
    const last = page.at(-1);
    if (!last) return;
    after = last.draw;
    const itemIds = page.map(({ itemId }) => itemId);
    const done = await store.listDone(runIds, itemIds);
    const unscored = await findUnscored(db, runs, itemIds);
    for (const item of page)
      for (const run of runs)
        for (let repeat = 0; repeat < run.repeats; repeat++) {
          const key = answerKey({ runId: run.runId, itemId: item.itemId, repeat });
          const answer = unscored.get(key);
          if (answer) yield { run, item, repeat, answered: answer };
          else if (!done.has(key)) yield { run, item, repeat };
        }
  }
}

/** Stored answers that lack scores, with the scorers that are missing. */
async function findUnscored(
  db: EvalDeps["db"],
  runs: readonly OpenRun[],
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<Task["answered"]>>> {
  const keyed = new Map(runs.map((run) => [run.runId, run.keyed]));
  const results = await createRetryStore(db).listUnscored([...keyed.keys()], itemIds, runs[0]?.keyed.length ?? 0);
  if (results.length === 0) return new Map();
  const scores = await createResultStore(db).listScores([...keyed.keys()], itemIds);
  const scored = new Set(scores.map((score) => `${score.scorer} ${answerKey(score)}`));
  return new Map(
    results.map((result) => {
      const key = answerKey(result);
      const missing = (keyed.get(result.runId) ?? []).filter((one) => !scored.has(`${one.key} ${key}`));
      return [key, { result, missing }];
    }),
  );
}
