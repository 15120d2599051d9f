import type { Clock } from "../../kernel/clock.ts";
import type { Sink } from "../../kernel/sink.ts";
import type { OutboundError } from "../../platform/outbound/port.ts";
import type { Call, WireId } from "./call.ts";
import { type Delivery, type Settled, settledCancelled, settledError, settledWith } from "./delivery.ts";
import { createEventGate, type StreamFormat } from "./event-gate.ts";
import { type Outcome, wireOf } from "./outcome.ts";
import type { ChatResponse } from "./providers/provider.ts";
import { createTap } from "./tap-stream.ts";
import { foresee, toFailure } from "./try-failure.ts";

type Passing = Extract<Outcome, { kind: "stream" }>;
type Target = { readonly sink: Sink; readonly model: string; readonly clock: Clock };

const FORMATS: Readonly<Record<Exclude<WireId, "embeddings">, StreamFormat>> = {
  chat: "openai",
  completions: "openai",
  responses: "responses",
  messages: "anthropic",
};
const DONE = "data: [DONE]\n\n";
const UNREADABLE = "The provider's stream ended in a way that could not be read.";
const ENDED_EARLY = "The provider's stream ended before its answer was whole.";

/** Passes a provider's stream on byte for byte and reads along. Resolves when the caller has all of it, or is gone. */
export function deliverStream(call: Call, outcome: Passing, { sink, model, clock }: Target): Promise<Delivery> {
  const { stream } = outcome;
  const wire = call.wire === "embeddings" ? "chat" : call.wire;
  const gate = createEventGate({ format: FORMATS[wire], hidesUsage: outcome.hidesUsage });
  const tap = createTap(outcome.reader);
  let firstTokenAt: number | null = null;
  const { promise, resolve } = Promise.withResolvers<Delivery>();

  function read() {
    tap.read(gate.unread());
    return tap.finish();
  }
  const finish = (settle: () => Settled, isBroken: boolean) => resolve({ firstTokenAt, isBroken, body: null, settle });
  function pass({ events, shown }: ReturnType<typeof gate.push>): boolean {
    if (firstTokenAt === null && gate.state.hasToken) firstTokenAt = clock.elapsed();
    const isRoomy = shown.length === 0 || sink.write(shown);
    // The caller does not wait for those who read along.
    tap.read(events);
    return isRoomy;
  }
  /** Tells the caller in its own format that the stream broke, and ends the answer. */
  function tell(type: string, message: string) {
    const writer = wireOf(wire).streamWriter(call.request, { id: call.spanId, model, now: clock.now() });
    sink.end(writer.fail({ code: type, message, status: 502 }));
  }
  function fail(type: string, message: string, response: ChatResponse) {
    tell(type, message);
    finish(() => settledError(type, message, response), true);
  }
  /** The stream ended without its last event: whether that matters is in what it said. */
  function endWithoutLastEvent() {
    const { response, isFinished, error } = read();
    if (error !== null) {
      // An error of the provider's own has passed on to the caller; that we cannot read its answer has not.
      if (foresee(error) === null) tell("invalid_response", UNREADABLE);
      else sink.end();
      finish(() => settleWhole({ response, error }), true);
    } else if (!isFinished) {
      fail("provider_failed", ENDED_EARLY, response);
    } else {
      sink.end(FORMATS[wire] === "openai" ? DONE : undefined);
      finish(() => settledWith(response), false);
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
    finish(() => settleWhole(read()), false);
  }
  function onError(error: OutboundError) {
    if (call.signal.aborted) return finish(() => settledCancelled(read().response), true);
    const { response } = read();
    if (gate.state.problem !== null) return fail("invalid_response", gate.state.problem, response);
    fail(error.kind.endsWith("timeout") ? "provider_timeout" : "provider_failed", error.message, response);
  }

  onBytes(stream.head);
  stream.listen({ onBytes, onEnd, onError });
  return promise;
}

/** Throws what nobody foresaw, for the log: who asks is told that the answer could not be read. */
function settleWhole({ response, error }: { response: ChatResponse; error: unknown }): Settled {
  if (error === null) return settledWith(response);
  const failure = toFailure(error);
  return settledError(failure.type ?? "provider_failed", failure.message, response);
}
