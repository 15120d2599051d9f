import { ExperimentBudget, type ExperimentSpent, type ExperimentStop, type RunScoring } from "@treadle/contract";
import { z } from "zod";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { createResultStore, type ResultRow, type ScoreRow } from "../stores/result-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createBudget } from "./budget.ts";
import type { EvalDeps, WithStatistics } from "./deps.ts";
import { isFinished } from "./is-finished.ts";
import { ensureItemSet } from "./item-set.ts";
import { readLiveSample } from "./live-sample.ts";
import { bindScorers } from "./open-experiment.ts";
import { createResultWriter } from "./result-writer.ts";
import { runPool } from "./run-pool.ts";
import { createSummaries, type Summaries } from "./run-summaries.ts";
import { type Asked, type KeyedScorer, sampleOf, scoreAnswer } from "./score-answer.ts";

const Payload = z.object({ runId: z.string() });
type Payload = z.output<typeof Payload>;
const State = z.object({});
type Run = JobRun<Payload, z.output<typeof State>>;
export const scoringJob: JobKind<Payload, z.output<typeof State>> = {
  name: "run-scoring",
  payload: Payload,
  state: State,
};

export const NOTHING_SPENT: ExperimentSpent = { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 };

/** The budget of a run's scorers, and their usage. */
export const scoringOf = ({ scoring }: Pick<RunRow, "scoring">): RunScoring =>
  scoring ?? { budget: ExperimentBudget.parse({}), spent: NOTHING_SPENT, stopped: null };

const PAGE = 64;
const WIDTH = 8;
const MOST_NAMED = 5;

/** Scores the answers of an uploaded run that have no score yet. */
export const createScoreRun = (deps: EvalDeps & WithStatistics): JobHandler<Payload, z.output<typeof State>> => ({
  concurrency: 2,
  isWhole: isFinished,
  async run(run) {
    const { db, clock } = deps;
    const { scope, payload } = run;
    const row = await createRunStore(db).find(scope.projectId, payload.runId);
    if (!row) throw new AppError("not_found", { message: "The run was deleted." });
    const scoring = scoringOf(row);
    await createRunStore(db).update(scope.projectId, row.id, { status: "running", scoring });
    if (row.datasetId !== null && row.root !== null) await placeItems(deps, run, row);
    const keyed = await bindScorers(deps.scorers, scope, row);
    const summed = { runId: row.id, scorers: row.scorers, repeats: row.repeats, keyed };
    const summaries = createSummaries({ db, statistics: deps.statistics, scope, clock, runs: [summed], stop: null });
    await summaries.refresh();
    const { answers } = summaries.counts();
    const stopped = await scoreAll(deps, run, { row, keyed, summaries, scoring, answers });
    await summaries.finish();
    const ended = { status: "done" as const, endedAt: new Date(clock.now()), planned: answers };
    await db.transaction(async (tx) => {
      const now = await createRunStore(tx).find(scope.projectId, row.id);
      await createRunStore(tx).update(scope.projectId, row.id, {
        ...ended,
        scoring: { ...scoring, ...now?.scoring, stopped },
      });
      await run.save({}, tx);
    });
    return { runId: row.id, stopped, ...summaries.counts() };
  },
});

type Work = {
  readonly row: RunRow;
  readonly keyed: readonly KeyedScorer[];
  readonly summaries: Summaries;
  readonly scoring: RunScoring;
  readonly answers: number;
};

/** Scores answers until all are scored or the budget is used up, with the rule that experiments have. */
async function scoreAll(deps: EvalDeps, run: Run, { row, keyed, summaries, scoring, answers }: Work) {
  const { db } = deps;
  const { scope, signal } = run;
  const budget = createBudget(scoring.budget, scoring.spent);
  let stopped: ExperimentStop | null = null;
  let done = 0;
  const writer = createResultWriter<readonly ScoreRow[]>(async (scores) => {
    await db.transaction(async (tx) => {
      await createResultStore(tx).addScores(scores.flat());
      const changes = { scoring: { ...scoring, spent: budget.spent() } };
      await createRunStore(tx).update(scope.projectId, row.id, changes);
      await run.save({}, tx);
    });
    const { calls, usd } = budget.spent();
    const message =
      calls === 0 ? "Scoring" : `Scoring, ${countOf(calls, "call")} of judges, ${usd.toFixed(4)} US dollars`;
    run.report({ done, total: answers, unit: "answers", message });
    await summaries.refreshIfDue();
  });
  await runPool<Task>({
    tasks: listTasks(deps, { row, keyed }),
    width: WIDTH,
    signal,
    async run({ result, item, missing }, until) {
      stopped ??= budget.reached();
      if (stopped !== null) return false;
      budget.begin();
      try {
        const isLive = row.ruleId !== null;
        const sample = isLive ? readLiveSample(item, result) : sampleOf(item, result, requestIn(item));
        const { scores, used } = await scoreAnswer(missing, { result, sample }, until);
        budget.count(used);
        done++;
        await writer.add(scores);
      } finally {
        budget.end();
      }
      return stopped === null;
    },
    // Paid scores are stored even when another part failed.
    close: writer.close,
  });
  return stopped ?? ("finished" as const);
}

/** Brings in the dataset's items. Throws `unprocessable` for answers to items that it does not have. */
async function placeItems(deps: EvalDeps, { scope, signal }: Run, { id, datasetId, root }: RunRow): Promise<void> {
  const dataset = { datasetId: datasetId ?? "", version: root ?? "", split: null, filter: "", limit: null, seed: 1 };
  const set = await ensureItemSet(deps, scope, { choice: { ...dataset, root: root ?? "" }, signal });
  const unknown: string[] = [];
  for (let after = ""; ; ) {
    const itemIds = await createResultStore(deps.db).listItemIds(id, { after, limit: PAGE });
    const last = itemIds.at(-1);
    if (last === undefined) break;
    after = last;
    const known = new Set((await createItemStore(deps.db).listByIds(set.id, itemIds)).map(({ itemId }) => itemId));
    unknown.push(...itemIds.filter((itemId) => !known.has(itemId)));
  }
  if (unknown.length > 0)
    throw new AppError("unprocessable", {
      message: `${countOf(unknown.length, "answer refers", "answers refer")} to items that this dataset version does not have, such as ${unknown.slice(0, MOST_NAMED).join(", ")}.`,
      details: { itemIds: unknown.slice(0, 100) },
    });
  await createRunStore(deps.db).update(scope.projectId, id, { itemSetId: set.id });
}

/** The messages that were answered, where the inputs of the item hold them. */
function requestIn({ inputs }: EvalItem): Asked | null {
  const messages = ChatMessages.safeParse(inputs.messages);
  return messages.success ? { messages: messages.data } : null;
}
const ChatMessages = z.array(z.looseObject({ role: z.string() }));

type Task = { readonly result: ResultRow; readonly item: EvalItem; readonly missing: readonly KeyedScorer[] };

async function* listTasks(
  { db }: Pick<EvalDeps, "db">,
  { row, keyed }: { row: RunRow; keyed: readonly KeyedScorer[] },
): AsyncGenerator<Task, void, void> {
  const store = createResultStore(db);
  const { itemSetId } = (await createRunStore(db).find(row.projectId, row.id)) ?? row;
  for (let after = ""; ; ) {
    const itemIds = await store.listItemIds(row.id, { after, limit: PAGE });
    const last = itemIds.at(-1);
    if (last === undefined) return;
    after = last;
    const items = new Map(
      (await createItemStore(db).listByIds(itemSetId ?? "", itemIds)).map((item) => [item.itemId, item]),
    );
    const scored = new Set(
      (await store.listScores([row.id], itemIds)).map(({ scorer, itemId, repeat }) => `${scorer} ${repeat} ${itemId}`),
    );
    for (const result of await store.listResults([row.id], itemIds)) {
      const item = items.get(result.itemId);
      const missing = keyed.filter(({ key }) => !scored.has(`${key} ${result.repeat} ${result.itemId}`));
      if (item && result.state === "ok" && missing.length > 0) yield { result, item, missing };
    }
  }
}
