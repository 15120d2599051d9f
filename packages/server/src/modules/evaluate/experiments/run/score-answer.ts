import type { ChatRequest, ScorerSample } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { EvalItem } from "../stores/item-store.ts";
import type { ResultRow, ScoreRow } from "../stores/result-store.ts";
import { BLOCKED } from "./blocked-answer.ts";
import type { Used } from "./budget.ts";
import type { BoundScorer } from "./deps.ts";

/** A scorer with the name that its scores have in a run. */
export type KeyedScorer = { readonly key: string; readonly scorer: BoundScorer };

const MOST_REASON = 20_000;
const MOST_LABEL = 500;

/** The score of each scorer for an answer, and its cost. A scorer that fails leaves a `failed` score. */
export async function scoreAnswer(
  scorers: readonly KeyedScorer[],
  { result, sample }: { result: Pick<ResultRow, "runId" | "itemId" | "repeat">; sample: ScorerSample },
  signal: AbortSignal,
): Promise<{ scores: ScoreRow[]; used: Used }> {
  const { runId, itemId, repeat } = result;
  const judged = await Promise.all(scorers.map(({ scorer }) => judge(scorer, sample, signal)));
  const used = { calls: 0, tokens: 0, costUsd: 0 as number | null };
  const scores = judged.map((one, at): ScoreRow => {
    const isAsking = one.tokens > 0;
    if (isAsking) used.calls++;
    used.tokens += one.tokens;
    if (used.costUsd !== null)
      used.costUsd = isAsking && one.costUsd === null ? null : used.costUsd + (one.costUsd ?? 0);
    return {
      runId,
      itemId,
      repeat,
      scorer: scorers[at]?.key ?? "",
      state: one.state,
      value: one.state === "scored" ? one.value : null,
      label: one.label === null ? null : one.label.slice(0, MOST_LABEL),
      reason: one.reason.slice(0, MOST_REASON),
      details: one.details ?? null,
      stats: one.stats ?? null,
      costUsd: isAsking ? one.costUsd : null,
    };
  });
  return { scores, used };
}

async function judge(scorer: BoundScorer, sample: ScorerSample, signal: AbortSignal) {
  try {
    const judged = await scorer.score(sample, { signal });
    if (judged.value === null || Number.isFinite(judged.value)) return judged;
    return { ...judged, state: "undefined" as const, value: null, reason: "The score is not a finite number." };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    const nothing = { value: null, label: null, costUsd: null, tokens: 0 };
    return { state: "failed" as const, ...nothing, reason: error.message, stats: undefined, details: undefined };
  }
}

/** The text of a message, whose content may come in parts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isRecord(part) && typeof part.text === "string" ? part.text : "")).join("");
}

/** The request of an answer. Its model is not always known. */
export type Asked = Pick<ChatRequest, "messages"> & { readonly model?: string };

/** Everything that a scorer may look at. */
export function sampleOf(
  item: Pick<EvalItem, "inputs" | "expected" | "metadata">,
  result: ResultRow,
  asked: Asked | null,
): ScorerSample {
  const { latencyMs, costUsd, inputTokens, outputTokens } = result;
  const documents = documentsIn([isRecord(result.message) ? result.message : {}, item.inputs, item.metadata]);
  const toolCalls = toolCallsIn(result.message);
  const logprobs = logprobsIn(result.message);
  return {
    input: item.inputs,
    expected: item.expected,
    metadata: item.metadata,
    output: result.output,
    latencyMs,
    costUsd,
    inputTokens,
    outputTokens,
    ...(asked && { messages: asked.messages.map((message) => ({ ...message })) }),
    ...(asked?.model !== undefined && { model: asked.model }),
    ...(documents && { documents }),
    ...(toolCalls && { toolCalls }),
    ...(logprobs && { tokenLogprobs: logprobs }),
    ...(result.errorCode === BLOCKED && { isBlocked: true }),
  };
}

const DOCUMENT_FIELDS = ["documents", "contexts", "context"] as const;

/**
 * The retrieved documents, for this answer or for the item: a list of texts, or of objects with a `text` or `content`.
 */
function documentsIn(places: readonly Readonly<Record<string, unknown>>[]): string[] | undefined {
  for (const place of places)
    for (const field of DOCUMENT_FIELDS) {
      const value = place[field];
      if (typeof value === "string") return [value];
      if (Array.isArray(value))
        return value.map((one) => (isRecord(one) ? textOf(one.text ?? one.content) : String(one)));
    }
  return undefined;
}

/** The tool calls of an answer. Undefined without any. */
export function toolCallsIn(message: unknown) {
  if (!isRecord(message) || !Array.isArray(message.tool_calls)) return undefined;
  return message.tool_calls.flatMap((call) =>
    isRecord(call) && isRecord(call.function) && typeof call.function.name === "string"
      ? [{ name: call.function.name, arguments: call.function.arguments ?? {} }]
      : [],
  );
}

function logprobsIn(message: unknown): number[] | undefined {
  if (!isRecord(message) || !isRecord(message.logprobs) || !Array.isArray(message.logprobs.content)) return undefined;
  return message.logprobs.content.flatMap((token) =>
    isRecord(token) && typeof token.logprob === "number" ? [token.logprob] : [],
  );
}
