import type { Clock } from "../../kernel/clock.ts";
import type { Sink } from "../../kernel/sink.ts";
import { answerHead } from "./answer-head.ts";
import type { Call } from "./call.ts";
import { chunksOf, deliverChunks } from "./deliver-chunks.ts";
import { deliverStream } from "./deliver-stream.ts";
import { type Delivery, type Settled, settledEmbeddings, settledError, settledWith } from "./delivery.ts";
import { findUsage } from "./find-usage.ts";
import { type Outcome, wireOf } from "./outcome.ts";
import type { ChatChunk, ChatResponse } from "./providers/provider.ts";
import { readWhole } from "./read-answer.ts";
import type { Candidate } from "./resolve-model.ts";
import { toFailure } from "./try-failure.ts";
import { toUsage } from "./usage.ts";

export type Won = { readonly outcome: Outcome; readonly candidate: Candidate };
type Target = { readonly sink: Sink; readonly clock: Clock; readonly cache?: "miss" };

/** Sends an answer to the caller, in the caller's shape. Resolves when it has all been sent, or the caller is gone. */
export function deliver(
  call: Call,
  { outcome, candidate }: Won,
  { sink, clock, cache }: Target,
): Delivery | Promise<Delivery> {
  const { name, model } = candidate;
  const upstream = "headers" in outcome ? outcome.headers : undefined;
  const isStream = call.isStream && outcome.kind !== "embeddings" && outcome.kind !== "bytes";
  sink.head(200, answerHead(call, { model: name, isStream, upstream, cache }, clock));
  if (outcome.kind === "stream") return deliverStream(call, outcome, { sink, model, clock });
  if (outcome.kind === "chunks") return deliverChunks(call, outcome.chunks, { sink, model, clock });
  if (outcome.kind === "response" && isStream)
    return deliverChunks(call, each(chunksOf(outcome.response)), { sink, model, clock });
  const body = bodyOf(call, outcome);
  sink.end(body);
  return {
    firstTokenAt: null,
    isBroken: false,
    body,
    settle: () => settle(call, outcome, { model, now: clock.now() }),
  };
}

type WholeOutcome = Extract<Outcome, { kind: "bytes" | "response" | "embeddings" }>;

function bodyOf({ wire, request }: Call, outcome: WholeOutcome): Buffer | string {
  if (outcome.kind === "bytes") return outcome.body;
  if (outcome.kind === "embeddings" || wire === "embeddings") return JSON.stringify(outcome.response);
  return JSON.stringify(wireOf(wire).fromChat(outcome.response, request));
}

/** Reads a whole answer. An answer that cannot be read was passed on all the same: the caller judges it. */
function settle({ wire }: Call, outcome: WholeOutcome, asked: { model: string; now: number }): Settled {
  if (outcome.kind === "response") return settledWith(outcome.response);
  if (outcome.kind === "embeddings")
    return settledEmbeddings({ model: outcome.response.model, usage: toUsage(outcome.response.usage) });
  if (wire === "embeddings") {
    const { usage, model } = findUsage(outcome.body);
    return settledEmbeddings({ model, usage: toUsage(usage) });
  }
  try {
    return settledWith(readWhole(wire, outcome.provider, { body: outcome.body, asked }));
  } catch (error) {
    const failure = toFailure(error);
    return settledError(failure.type ?? "invalid_response", failure.message, null);
  }
}

/** The answer for a caller inside this program, who wants it whole. */
export function toResponse(outcome: Outcome, asked: { model: string; now: number }): ChatResponse {
  if (outcome.kind === "response") return outcome.response;
  if (outcome.kind === "bytes") return readWhole("chat", outcome.provider, { body: outcome.body, asked });
  throw new Error(`a plain chat request was answered with ${outcome.kind}`);
}

async function* each(chunks: readonly ChatChunk[]): AsyncGenerator<ChatChunk> {
  yield* chunks;
}
