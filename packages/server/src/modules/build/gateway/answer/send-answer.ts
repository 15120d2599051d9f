import type { Clock } from "../../../../kernel/clock.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { toFailure } from "../attempt/attempt-failure.ts";
import type { AttemptLog } from "../attempt/attempt-log.ts";
import type { Outcome } from "../attempt/outcome.ts";
import { readWhole } from "../attempt/read-answer.ts";
import type { Answered } from "../attempt/run-attempts.ts";
import { formatOf } from "../formats/formats.ts";
import { chunksOf } from "../formats/hub/chunks.ts";
import type { ChatChunk, ChatResponse } from "../formats/hub/hub.ts";
import { toUsage } from "../formats/hub/usage.ts";
import type { Call } from "../request/read-call.ts";
import { answerHead } from "./answer-head.ts";
import { type CallResult, type Delivery, embeddingsResult, errorResult, okResult } from "./delivery.ts";
import { findUsage } from "./find-usage.ts";
import { sendChunks } from "./send-chunks.ts";
import { sendStream } from "./send-stream.ts";

type Receiver = {
  readonly sink: Sink;
  readonly clock: Clock;
  readonly log: AttemptLog;
  readonly cache?: "miss" | undefined;
  readonly variant?: string | undefined;
};

type Sending = Pick<Answered, "outcome"> & { readonly target: Pick<Answered["target"], "name" | "model"> };

/** Sends an answer in the caller's format. Resolves when all of it is sent, or when the caller disconnects. */
export function sendAnswer(
  call: Call,
  { outcome, target }: Sending,
  { sink, clock, log, cache, variant }: Receiver,
): Delivery | Promise<Delivery> {
  const { name, model } = target;
  const upstream = "headers" in outcome ? outcome.headers : undefined;
  const isStream = call.isStream && outcome.kind !== "embeddings" && outcome.kind !== "bytes";
  sink.head(200, answerHead(call, { model: name, variant, isStream, upstream, cache, log }, clock));
  if (outcome.kind === "stream") return sendStream(call, outcome, { sink, model, clock });
  if (outcome.kind === "chunks")
    return sendChunks(call, outcome.chunks, { sink, model, clock, stored: outcome.stored });
  if (outcome.kind === "response" && isStream) return sendWhole(call, outcome, { sink, model, clock });
  const body = bodyOf(call, outcome);
  const isShown = outcome.kind === "response" && outcome.shown !== undefined && outcome.shown !== outcome.response;
  sink.end(isShown ? bodyOf(call, { ...outcome, response: outcome.shown }) : body);
  return {
    firstTokenAt: null,
    isBroken: false,
    body,
    result: () => resultOf(call, outcome, { model, now: clock.now() }),
  };
}

/** A whole answer as a stream. */
export function sendWhole(
  call: Call,
  { response, shown = response }: { readonly response: ChatResponse; readonly shown?: ChatResponse },
  receiver: Omit<Parameters<typeof sendChunks>[2], "stored">,
): Promise<Delivery> {
  return sendChunks(call, each(chunksOf(shown)), {
    ...receiver,
    stored: shown === response ? undefined : () => response,
  });
}

type WholeOutcome = Extract<Outcome, { kind: "bytes" | "response" | "embeddings" }>;

function bodyOf({ format, request }: Call, outcome: WholeOutcome): Buffer | string {
  if (outcome.kind === "bytes") return outcome.body;
  if (outcome.kind === "embeddings" || format === "embeddings") return JSON.stringify(outcome.response);
  return JSON.stringify(formatOf(format).fromChat(outcome.response, request));
}

/** Reads a whole answer. An unreadable answer is passed on anyway, and the caller judges it. */
function resultOf({ format }: Call, outcome: WholeOutcome, asked: { model: string; now: number }): CallResult {
  if (outcome.kind === "response") return okResult(outcome.response);
  if (outcome.kind === "embeddings")
    return embeddingsResult({ model: outcome.response.model, usage: toUsage(outcome.response.usage) });
  if (format === "embeddings") {
    const { usage, model } = findUsage(outcome.body);
    return embeddingsResult({ model, usage: toUsage(usage) });
  }
  try {
    return okResult(readWhole(format, outcome.provider, { body: outcome.body, asked }));
  } catch (error) {
    const failure = toFailure(error);
    return errorResult(failure.type ?? "invalid_response", failure.message, null);
  }
}

/** The answer as a whole, for a caller inside this program. */
export function toResponse(outcome: Outcome, asked: { model: string; now: number }): ChatResponse {
  if (outcome.kind === "response") return outcome.response;
  if (outcome.kind === "bytes") return readWhole("chat", outcome.provider, { body: outcome.body, asked });
  throw new Error(`a plain chat request was answered with ${outcome.kind}`);
}

async function* each(chunks: readonly ChatChunk[]): AsyncGenerator<ChatChunk> {
  yield* chunks;
}
