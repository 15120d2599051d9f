import type { ExperimentSpent, ExperimentStop } from "@treadle/contract";
import { z } from "zod";
import type { JobHandler, JobKind, JobRun } from "../../platform/jobs/port.ts";
import { answerItem, type Task } from "./answer-item.ts";
import { createBudget } from "./budget.ts";
import type { EvalDeps, WithStatistics } from "./deps.ts";
import { createExperimentStore } from "./experiment-store.ts";
import { ensureItemSet } from "./item-set.ts";
import { createItemStore } from "./item-store.ts";
import { type OpenExperiment, openExperiment } from "./open-experiment.ts";
import { type Answer, answerKey, createResultStore } from "./result-store.ts";
import { createResultWriter } from "./result-writer.ts";
import { runPool } from "./run-pool.ts";
import { createRunStore } from "./run-store.ts";
import { createSummaries, type Summaries } from "./run-summaries.ts";
import { createThrottle } from "./throttle.ts";

const Payload = z.object({ experimentId: z.string() });
type Payload = z.output<typeof Payload>;
/** How far an experiment is, its answers say; nothing else is kept. */
const State = z.object({});
type Run = JobRun<Payload, z.output<typeof State>>;

export const experimentJob: JobKind<Payload, z.output<typeof State>> = {
  name: "experiment",
  payload: Payload,
  state: State,
};

/** Items that are looked up at once. */
const PAGE = 64;

/** Answers every item with every variant, as often as is asked for. An answer that is there is not asked for again. */
export const createRunExperiment = (deps: EvalDeps & WithStatistics): JobHandler<Payload, z.output<typeof State>> => ({
  concurrency: 2,
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
      // What was answered until then is summed up all the same.
      await summaries.refresh();
      throw error;
    });
    await summaries.finish();
    const ended = { status: "done" as const, endedAt: new Date(clock.now()) };
    await db.transaction(async (tx) => {
      await createExperimentStore(tx).update(scope.projectId, opened.row.id, { ...ended, stopped });
      await createRunStore(tx).updateOf(scope.projectId, opened.row.id, ended);
      await run.save({}, tx);
    });
    return { experimentId: opened.row.id, stopped, ...summaries.counts() };
  },
});

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

async function answerAll(deps: EvalDeps, run: Run, { opened, items, summaries }: Work): Promise<ExperimentStop> {
  const { db, complete, clock } = deps;
  const { scope, signal } = run;
  const { concurrency, cache, budget: limits } = opened.row.input;
  const budget = createBudget(limits, opened.row.spent);
  let stopped: ExperimentStop | null = null;
  await summaries.refresh();
  const writer = createResultWriter<Answer>(async (answers) => {
    await db.transaction(async (tx) => {
      await createResultStore(tx).add(answers);
      await createExperimentStore(tx).update(scope.projectId, opened.row.id, { spent: budget.spent() });
      await run.save({}, tx);
    });
    summaries.note(answers);
    tell(run, { opened, items, summaries }, budget.spent());
    if ((await summaries.refreshIfDue()) && summaries.isPrecise()) stopped ??= "precision";
  });
  const kept = createResultStore(db);
  const findKept = cache ? (hash: string) => kept.findKept(scope.projectId, hash) : null;
  const throttle = createThrottle({ most: concurrency, clock });
  const answering = { scope, complete, clock, throttle, budget, findKept };
  await runPool<Task>({
    ...{ tasks: listTasks(deps, opened, items), width: concurrency, signal },
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
    // What was paid for is kept, whatever went wrong beside it.
    close: writer.close,
  });
  return stopped ?? "finished";
}

function tell(run: Run, { opened, items, summaries }: Work, { usd, calls }: ExperimentSpent): void {
  const { answers: done, errors } = summaries.counts();
  const total = items.items * opened.runs.reduce((sum, { repeats }) => sum + repeats, 0);
  const message = `${calls} calls, ${usd.toFixed(4)} US dollars${errors > 0 ? `, ${errors} errors` : ""}`;
  run.report({ done, total, unit: "answers", message });
}

/** What is left to be answered, in the order in which the items were drawn; all answers to an item one after the other. */
async function* listTasks(
  { db }: Pick<EvalDeps, "db">,
  { runs }: OpenExperiment,
  { id }: Items,
): AsyncGenerator<Task, void, void> {
  const runIds = runs.map(({ runId }) => runId);
  for (let after = -1; ; ) {
    const page = await createItemStore(db).listDrawn(id, { after, limit: PAGE });
    const last = page.at(-1);
    if (!last) return;
    after = last.draw;
    const done = await createResultStore(db).listDone(
      runIds,
      page.map(({ itemId }) => itemId),
    );
    for (const item of page)
      for (const run of runs)
        for (let repeat = 0; repeat < run.repeats; repeat++)
          if (!done.has(answerKey({ runId: run.runId, itemId: item.itemId, repeat }))) yield { run, item, repeat };
  }
}
