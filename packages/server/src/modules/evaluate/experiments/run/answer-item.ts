import { createHash } from "node:crypto";
import type { ChatRequest, Recording } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalItem } from "../stores/item-store.ts";
import type { Answer, KeptAnswer, ResultRow } from "../stores/result-store.ts";
import { askUnderGuards, BLOCKED, type RunGuards } from "./blocked-answer.ts";
import type { Budget } from "./budget.ts";
import type { FixedVariant } from "./build-request.ts";
import type { Complete } from "./deps.ts";
import { type Ask, type Exchange, replayCalls } from "./replay-calls.ts";
import { type KeyedScorer, sampleOf, scoreAnswer, textOf } from "./score-answer.ts";
import { OutageError, type Throttle } from "./throttle.ts";

/** One variant's part of an experiment, ready to answer. */
export type AnsweringRun = {
  readonly runId: string;
  readonly variant: FixedVariant;
  readonly request: (item: EvalItem) => Promise<ChatRequest>;
  /** The recording whose tools answer; left out when tools are not answered. */
  readonly recordingOf?: (item: EvalItem) => Recording;
  /** Left out unless the experiment compares guards. */
  readonly guards?: RunGuards | undefined;
  readonly keyed: readonly KeyedScorer[];
};
export type Task = {
  readonly run: AnsweringRun;
  readonly item: EvalItem;
  readonly repeat: number;
  /** An answer that is stored and lacks scores: it is scored, and the model is not asked again. */
  readonly answered?: { readonly result: ResultRow; readonly missing: readonly KeyedScorer[] };
};
export type AnswerDeps = {
  readonly scope: Scope;
  readonly complete: Complete;
  readonly clock: Pick<Clock, "elapsed">;
  readonly throttle: Throttle;
  readonly budget: Budget;
  /** Finds an earlier answer to the same request; null when answers are not reused. */
  readonly findKept: ((requestHash: string) => Promise<KeptAnswer | undefined>) | null;
};

/** A mistake that every further call of the variant would make too. */
const FATAL: ReadonlySet<string> = new Set(["not_found", "forbidden", "unauthorized", "cancelled"]);
type Asked = Omit<ResultRow, "runId" | "itemId" | "repeat" | "projectId">;
const NO_ANSWER: Asked = {
  state: "error",
  output: "",
  message: null,
  errorCode: null,
  errorMessage: null,
  traceId: null,
  spanId: null,
  latencyMs: null,
  costUsd: null,
  inputTokens: null,
  outputTokens: null,
  isCached: false,
  requestHash: null,
  replayed: null,
};

/** Sends an item to a variant's model and scores the response. A provider error is a separate result and is not scored. */
export async function answerItem(deps: AnswerDeps, task: Task, signal: AbortSignal): Promise<Answer> {
  const { run, item, repeat, answered } = task;
  const key = { runId: run.runId, itemId: item.itemId, repeat, projectId: deps.scope.projectId };
  try {
    const request = await run.request(item);
    const result = answered?.result ?? { ...key, ...(await requestAnswer(deps, { ...task, request }, signal)) };
    const scorers = result.state === "ok" ? (answered?.missing ?? run.keyed) : [];
    const { scores, used } = await scoreAnswer(scorers, { result, sample: sampleOf(item, result, request) }, signal);
    deps.budget.count(used);
    return { result, scores, isStored: answered !== undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error instanceof OutageError) throw error;
    if (FATAL.has(error.code)) throw fatal(run, error);
    return {
      result: { ...key, ...NO_ANSWER, errorCode: error.code, errorMessage: error.message },
      scores: [],
      isStored: false,
    };
  }
}

const fatal = ({ variant }: AnsweringRun, error: AppError) =>
  new AppError(error.code, {
    message: `The variant "${variant.name}" cannot answer: ${error.message}`,
    cause: error,
  });

type Asking = Task & { readonly request: ChatRequest };

async function requestAnswer(deps: AnswerDeps, asking: Asking, signal: AbortSignal): Promise<Asked> {
  const { run, request, item, repeat } = asking;
  const ask = createAsk(deps, asking, signal);
  // An answer under chosen guards is not the answer to the same request without them, so it is never reused.
  if (run.guards) return toAsked(await askUnderGuards(ask, request));
  if (run.recordingOf) return toAsked(await replayCalls(ask, request, run.recordingOf(item)));
  const { findKept } = deps;
  const requestHash = repeat === 0 ? createHash("sha256").update(JSON.stringify(request)).digest("base64url") : null;
  const storedAnswer = requestHash !== null && findKept ? await findKept(requestHash) : undefined;
  if (storedAnswer) return { ...NO_ANSWER, ...storedAnswer, state: "ok", costUsd: 0, isCached: true };
  return { ...toAsked(await ask(request)), requestHash };
}

/** One call of the variant's model, within the budget. */
function createAsk(deps: AnswerDeps, { run, item, repeat }: Asking, signal: AbortSignal): Ask {
  const { scope, complete, clock, throttle, budget } = deps;
  const own = headersOf(run, { itemId: item.itemId, repeat });
  return async (request, more = {}) => {
    const headers = { ...own, ...more };
    let startedAt = 0;
    const { response, traceId, spanId, cost } = await throttle(run.variant.model, signal, () => {
      startedAt = clock.elapsed();
      return complete(scope, request, { signal, headers, guards: run.guards?.chosen ?? null });
    });
    const latencyMs = clock.elapsed() - startedAt;
    budget.count({ calls: 1, tokens: cost.tokens, costUsd: cost.costUsd });
    return {
      choice: response.choices[0],
      traceId,
      spanId,
      latencyMs,
      costUsd: cost.costUsd,
      inputTokens: response.usage?.prompt_tokens ?? null,
      outputTokens: response.usage?.completion_tokens ?? null,
    };
  };
}

function toAsked({ choice, replayed, ...facts }: Exchange): Asked {
  const message =
    choice && (isPlain(choice.message) && !choice.logprobs ? null : { ...choice.message, logprobs: choice.logprobs });
  const errorCode = choice?.finish_reason === BLOCKED ? BLOCKED : null;
  const answer = {
    ...NO_ANSWER,
    ...facts,
    errorCode,
    output: textOf(choice?.message.content),
    message: message ?? null,
  };
  if (!replayed) return { ...answer, state: "ok" };
  const { error, ...counts } = replayed;
  if (error === null) return { ...answer, state: "ok", replayed: counts };
  return { ...answer, state: "diverged", errorCode: "diverged", errorMessage: error, replayed: counts };
}

/** Whether a message is nothing but its text. */
const isPlain = (message: object): boolean =>
  Object.entries(message).every(
    ([name, value]) => name === "role" || (name === "content" && typeof value === "string") || value === null,
  );

/** The extra fields of the call's span. */
const headersOf = (
  { runId, variant: { prompt } }: AnsweringRun,
  { itemId, repeat }: { itemId: string; repeat: number },
) => ({
  "x-treadle-environment": "evaluation",
  "x-treadle-metadata": JSON.stringify({ run: runId, item: itemId, repeat }),
  ...(prompt && { "x-treadle-prompt": `${encodeURIComponent(prompt.name)}@${prompt.version}` }),
});
