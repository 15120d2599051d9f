import type { Clock } from "../../../../kernel/clock.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import type { OutboundError } from "../../../../platform/outbound/port.ts";
import { expectedFailure, toFailure } from "../attempt/attempt-failure.ts";
import type { Outcome } from "../attempt/outcome.ts";
import { type ChatFormatId, formatOf } from "../formats/formats.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import { type CallResult, cancelledResult, type Delivery, errorResult, okResult } from "./delivery.ts";
import { createEventGate, type StreamFormat } from "./event-gate.ts";
import { createTap } from "./tap-stream.ts";

type Passing = Extract<Outcome, { kind: "stream" }>;
type Receiver = { readonly sink: Sink; readonly model: string; readonly clock: Clock };

const STREAM_FORMATS: Readonly<Record<ChatFormatId, StreamFormat>> = {
  chat: "openai",
  completions: "openai",
  responses: "responses",
  messages: "anthropic",
};
const DONE = "data: [DONE]\n\n";
const UNREADABLE = "The end of the provider's stream could not be read.";
const ENDED_EARLY = "The provider's stream ended before the answer was complete.";

/** Passes a provider's stream on byte for byte and reads it on the way. Resolves when all of it is sent, or when the caller disconnects. */
export function sendStream(call: Call, outcome: Passing, { sink, model, clock }: Receiver): Promise<Delivery> {
  const { stream } = outcome;
  const format = call.format === "embeddings" ? "chat" : call.format;
  const gate = createEventGate({ format: STREAM_FORMATS[format], hidesUsage: outcome.hidesUsage });
  const tap = createTap(outcome.reader);
  let firstTokenAt: number | null = null;
  const { promise, resolve } = Promise.withResolvers<Delivery>();

  function read() {
    tap.read(gate.unread());
    return tap.finish();
  }
  const finish = (result: () => CallResult, isBroken: boolean) =>
    resolve({ firstTokenAt, isBroken, body: null, result });
  function pass({ events, shown }: ReturnType<typeof gate.push>): boolean {
    if (firstTokenAt === null && gate.state.hasToken) firstTokenAt = clock.elapsed();
    const isRoomy = shown.length === 0 || sink.write(shown);
    // The caller does not wait until the events are read.
    tap.read(events);
    return isRoomy;
  }
  /** Sends the event that reports a broken stream in the caller's format, and ends the answer. */
  function sendError(type: string, message: string) {
    const writer = formatOf(format).streamWriter(call.request, { id: call.spanId, model, now: clock.now() });
    sink.end(writer.fail({ code: type, message, status: 502 }));
  }
  function fail(type: string, message: string, response: ChatResponse) {
    sendError(type, message);
    finish(() => errorResult(type, message, response), true);
  }
  /** The stream ended without its last event. It is complete if every choice has a finish reason. */
  function endWithoutLastEvent() {
    const { response, isFinished, error } = read();
    if (error !== null) {
      // The provider's own error has reached the caller already. That its answer cannot be read has not.
      if (expectedFailure(error) === null) sendError("invalid_response", UNREADABLE);
      else sink.end();
      finish(() => resultOf({ response, error }), true);
    } else if (!isFinished) {
      fail("provider_failed", ENDED_EARLY, response);
    } else {
      sink.end(STREAM_FORMATS[format] === "openai" ? DONE : undefined);
      finish(() => okResult(response), false);
    }
  }

  function onBytes(chunk: Buffer): boolean {
    const isRoomy = pass(gate.push(chunk));
    if (gate.state.problem !== null) {
      stream.abort();
      return false;
    }
    if (!isRoomy) sink.drained().then(stream.resume);
    return isRoomy;
  }
  function onEnd() {
    pass(gate.flush());
    if (gate.state.problem !== null) return fail("invalid_response", gate.state.problem, read().response);
    if (!gate.state.isWhole) return endWithoutLastEvent();
    sink.end();
    finish(() => resultOf(read()), false);
  }
  function onError(error: OutboundError) {
    if (call.signal.aborted) return finish(() => cancelledResult(read().response), true);
    const { response } = read();
    if (gate.state.problem !== null) return fail("invalid_response", gate.state.problem, response);
    fail(error.kind.endsWith("timeout") ? "provider_timeout" : "provider_failed", error.message, response);
  }

  onBytes(stream.head);
  stream.listen({ onBytes, onEnd, onError });
  return promise;
}

/** Throws an unexpected error, for the log. The caller has already received an error that the answer is unreadable. */
function resultOf({ response, error }: { response: ChatResponse; error: unknown }): CallResult {
  if (error === null) return okResult(response);
  const failure = toFailure(error);
  return errorResult(failure.type ?? "provider_failed", failure.message, response);
}
