import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "../../../../kernel/errors.ts";
import { systemScope } from "../../../../kernel/scope.ts";
import { type AnswerRow, createAnswerStore } from "../stores/answer-store.ts";
import type { ModelAnswer, ProbeDeps } from "../stores/deps.ts";
import type { ProbeRow } from "../stores/probe-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import { type PlannedCall, planCalls, requestOf } from "./plan-calls.ts";
import { createTally, type Pass, type Tally } from "./tally.ts";

type CallDeps = Pick<ProbeDeps, "db" | "ask" | "clock">;
export type Making = {
  readonly probe: ProbeRow;
  readonly run: RunRow;
  /** What may be spent, and what is spent already. */
  readonly budget: { readonly limit: number; readonly spent: number };
  readonly signal: AbortSignal;
  readonly report: (done: number, total: number) => void;
};

const CONCURRENCY = 4;
const MOST_CHARACTERS = 1_000;
/** The gateway and providers say how long a caller waits, for example while a circuit breaker is open. */
const MOST_PAUSE_SECONDS = 60;
/** Answers are stored after so many, or after so many milliseconds. A crash loses at most these. */
const [BATCH, BATCH_MS] = [25, 2_000];

/** The text of an answer as it is stored: one line. */
export const storedAnswer = (text: string): string =>
  text.replaceAll("\u0000", "").replace(/\s+/g, " ").trim().slice(0, MOST_CHARACTERS);

/** Makes the calls of a run that have no answer yet, and stores the answers as they arrive. */
export async function makeCalls(deps: CallDeps, making: Making): Promise<Pass> {
  const { probe, run, signal } = making;
  const store = createAnswerStore(deps.db);
  const done = await store.listDone(run.id);
  const planned = planCalls(run, probe.prompts);
  const open = planned.filter(({ prompt, repeat }) => !done.has(`${prompt.promptId} ${repeat}`));
  const { sum, most } = await store.costOf(run.id);
  const tally = createTally(making, { most, answers: done.size, total: planned.length });
  const batch = createBatch(deps);
  const makeOne = createCall(deps, making, { tally, batch });
  const worker = async () => {
    for (let call = open.shift(); call && tally.mayCall(); call = open.shift()) await makeOne(call);
  };
  // All workers end before the answers are stored, also if one of them fails.
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  await batch.flush();
  signal.throwIfAborted();
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return tally.result(sum);
}

type Keeping = { readonly tally: Tally; readonly batch: ReturnType<typeof createBatch> };

function createCall({ ask, clock }: CallDeps, { probe, run, signal }: Making, { tally, batch }: Keeping) {
  const scope = systemScope(probe.projectId);
  const toRow = ({ prompt, repeat }: PlannedCall, { text, logprobs, costUsd }: ModelAnswer): AnswerRow => ({
    runId: run.id,
    promptId: prompt.promptId,
    repeat,
    answer: storedAnswer(text),
    logprobs,
    costUsd,
    answeredAt: new Date(clock.now()),
  });
  return async (call: PlannedCall): Promise<void> => {
    tally.begin();
    try {
      const answer = await ask(scope, requestOf(probe, run.kind, call.prompt), signal);
      if (!answer.isReasoned) await batch.add(toRow(call, answer));
      tally.succeed(answer);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      tally.fail(error, call.prompt.kind === "logprobs" && run.kind === "selection");
      const waitSeconds = Math.min(error.retryAfterSeconds ?? 0, MOST_PAUSE_SECONDS);
      if (waitSeconds > 0 && tally.mayCall()) await pause(waitSeconds * 1_000, null, { signal });
    }
  };
}

/** Stores many answers in one statement. */
function createBatch({ db, clock }: Pick<CallDeps, "db" | "clock">) {
  const store = createAnswerStore(db);
  let rows: AnswerRow[] = [];
  let flushedAt = clock.elapsed();
  async function flush(): Promise<void> {
    const now = rows;
    rows = [];
    flushedAt = clock.elapsed();
    await store.add(now);
  }
  return {
    flush,
    async add(row: AnswerRow): Promise<void> {
      rows.push(row);
      if (rows.length >= BATCH || clock.elapsed() - flushedAt > BATCH_MS) await flush();
    },
  };
}
