import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnswerDeps, AnsweringRun } from "../run/answer-item.ts";
import { answerItem } from "../run/answer-item.ts";
import type { Budget } from "../run/budget.ts";
import { runPool } from "../run/run-pool.ts";
import { sampleOf, scoreAnswer } from "../run/score-answer.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { type Answer, createResultStore, type ResultRow } from "../stores/result-store.ts";

/** A state whose answers are made here. */
export type FilledState = {
  readonly run: AnsweringRun;
  readonly itemSetId: string;
  /** A run with the same items and configuration: its answers are only scored again. */
  readonly sameAs: string | null;
};
type Filling = {
  readonly db: Postgres;
  readonly answering: AnswerDeps;
  readonly width: number;
  readonly signal: AbortSignal;
  /** Stores answers and their cost in one transaction. */
  save(answers: readonly Answer[]): Promise<void>;
};

/** The budget is used up before everything was answered. */
export class OutOfBudget extends Error {}

/** Sees to it that a state has an answer with a score to each of the items. Throws `OutOfBudget`. */
export async function fillState(filling: Filling, state: FilledState, itemIds: readonly string[]): Promise<void> {
  const { db, answering, width, signal, save } = filling;
  const { runId } = state.run;
  const store = createResultStore(db);
  const done = new Set((await store.listResults([runId], itemIds)).map(({ itemId }) => itemId));
  const missing = itemIds.filter((itemId) => !done.has(itemId));
  if (missing.length === 0) return;
  const items = await createItemStore(db).listByIds(state.itemSetId, missing);
  const known = state.sameAs === null ? [] : await store.listResults([state.sameAs], missing);
  const answers: Answer[] = [];
  let isOut = false;
  await runPool<EvalItem>({
    tasks: each(items),
    width,
    signal,
    async run(item, until) {
      if (answering.budget.reached() !== null) {
        isOut = true;
        return false;
      }
      const same = known.filter(({ itemId, state: became }) => itemId === item.itemId && became === "ok");
      answering.budget.begin();
      try {
        if (same.length > 0) answers.push(...(await rescore(answering.budget, { state, item, same }, until)));
        else answers.push(await answerItem(answering, { run: state.run, item, repeat: 0 }, until));
      } finally {
        answering.budget.end();
      }
      return true;
    },
    close: () => save(answers),
  });
  if (isOut) throw new OutOfBudget();
}

type Known = { readonly state: FilledState; readonly item: EvalItem; readonly same: readonly ResultRow[] };

/** Answers of another run as this one's, scored as this one scores; nothing is paid for them again. */
async function rescore(budget: Budget, { state, item, same }: Known, signal: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const other of same) {
    const result = { ...other, runId: state.run.runId, costUsd: 0, isCached: true, requestHash: null };
    const { scores, used } = await scoreAnswer(
      state.run.keyed,
      { result, sample: sampleOf(item, result, null) },
      signal,
    );
    budget.count(used);
    answers.push({ result, scores });
  }
  return answers;
}

async function* each<Value>(values: readonly Value[]): AsyncGenerator<Value, void, void> {
  yield* values;
}
