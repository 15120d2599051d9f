import { AppError } from "../../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import type { ModelAnswer, ProbeDeps } from "../stores/deps.ts";
import type { ProbeRow } from "../stores/probe-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import { type PlannedCall, planCalls, requestOf } from "./plan-calls.ts";

/** Why not all calls were made. */
export type Stop = "budget" | "failing" | "reasoning";
export type Pass = {
  /** Answers of the run, with those before a restart. */
  readonly answers: number;
  readonly failures: number;
  readonly costUsd: number;
  readonly stop: Stop | null;
  readonly error: string;
};
type Making = {
  readonly probe: ProbeRow;
  readonly run: RunRow;
  /** What may be spent, and what is spent already. */
  readonly budget: { readonly limit: number; readonly spent: number };
  readonly signal: AbortSignal;
  readonly report: (done: number, total: number) => void;
};

const CONCURRENCY = 4;
/** So many failures in a row end the pass. The next one comes some minutes later. */
const MOST_FAILURES = 8;
const MOST_CHARACTERS = 1_000;

/** The text of an answer as it is stored: one line. */
export const storedAnswer = (text: string): string =>
  text.replaceAll("\u0000", "").replace(/\s+/g, " ").trim().slice(0, MOST_CHARACTERS);

/** Makes the calls of a run that have no answer yet, and stores each answer as it arrives. */
export async function makeCalls(deps: Pick<ProbeDeps, "db" | "ask" | "clock">, making: Making): Promise<Pass> {
  const { probe, run, signal } = making;
  const store = createAnswerStore(deps.db);
  const done = await store.listDone(run.id);
  const planned = planCalls(run, probe.prompts);
  const open = planned.filter(({ prompt, repeat }) => !done.has(`${prompt.promptId} ${repeat}`));
  const { sum, most } = await store.costOf(run.id);
  const tally = createTally(making, { most, answers: done.size, total: planned.length });
  const scope = systemScope(probe.projectId);
  const worker = async () => {
    for (let call = open.shift(); call && tally.mayCall(); call = open.shift()) await makeOne(scope, call);
  };

  async function makeOne(caller: Scope, { prompt, repeat }: PlannedCall): Promise<void> {
    tally.begin();
    try {
      const answer = await deps.ask(caller, requestOf(probe, run.kind, prompt), signal);
      const { logprobs, costUsd } = answer;
      const answeredAt = new Date(deps.clock.now());
      const row = { runId: run.id, promptId: prompt.promptId, repeat, logprobs, costUsd, answeredAt };
      if (!answer.isReasoned) await store.add({ ...row, answer: storedAnswer(answer.text) });
      tally.succeed(answer);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      tally.fail(error, prompt.kind === "logprobs" && run.kind === "selection");
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  signal.throwIfAborted();
  return tally.result(sum);
}

type Begun = { readonly most: number; readonly answers: number; readonly total: number };

function createTally({ budget, report }: Making, begun: Begun) {
  let { most, answers } = begun;
  let [spent, running, failures, inRow] = [0, 0, 0, 0];
  let stop: Stop | null = null;
  let message = "";
  return {
    mayCall(): boolean {
      // The calls that run are assumed to cost as much as the most expensive call so far.
      if (budget.spent + spent + (running + 1) * most > budget.limit) stop ??= "budget";
      return stop === null;
    },
    begin(): void {
      running++;
    },
    succeed({ costUsd, isReasoned }: ModelAnswer): void {
      running--;
      inRow = 0;
      spent += costUsd ?? 0;
      most = Math.max(most, costUsd ?? 0);
      if (isReasoned) stop = "reasoning";
      else report(++answers, begun.total);
    },
    /** A call for log-probabilities may fail because the provider has none. */
    fail(error: AppError, isOptional: boolean): void {
      running--;
      if (isOptional) return;
      failures++;
      message = error.message;
      if (++inRow >= MOST_FAILURES || error.code === "not_found") stop ??= "failing";
    },
    result: (before: number): Pass => ({ answers, failures, costUsd: before + spent, stop, error: message }),
  };
}
