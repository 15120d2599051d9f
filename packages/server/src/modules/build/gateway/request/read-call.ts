import type { CallKnowledge, ChatRequest } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { newSpanId, newTraceId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import type { ChosenGuards } from "../../guards/index.ts";
import { type FormatId, formatOf } from "../formats/formats.ts";
import type { AnyRequest, CallerHeaders } from "../formats/hub/any-request.ts";
import { type CallerFacts, type CallPrompt, readFacts, readPrompt, readTraceParent } from "./caller-facts.ts";
import type { GuardedStages } from "./checks.ts";
import type { Grounding } from "./grounding.ts";
import type { MirrorOf } from "./mirror-of.ts";
import { takeKnowledge } from "./take-knowledge.ts";

/** The sender of a request: an HTTP client, or another part of this program. */
export type Caller = {
  /** The body as it arrived. */
  readonly bytes: Buffer;
  readonly headers: CallerHeaders;
  /** Aborted when the caller disconnects. */
  readonly signal: AbortSignal;
  readonly requestId: string;
};
export type HttpCaller = Caller & { readonly sink: Sink; setHeader(name: string, value: string): void };

/** A guard sent a call to another model. */
export type Reroute = {
  /** The model or endpoint that the caller named. */
  readonly from: string;
  /** The policy of the guard, as `id@version`. */
  readonly by: string;
  /** The kinds of what was found. */
  readonly kinds: readonly string[];
  /** The checks that decided it, for their spans. */
  readonly checks: readonly GuardedStages[];
};

/** A request and all that is known of it on arrival. It never changes: later stages return what they find out. */
export type Call = Caller & {
  readonly scope: Scope;
  readonly format: FormatId;
  readonly request: AnyRequest;
  readonly isStream: boolean;
  /** The knowledge that the request names; null for none. The request itself does not have it any more. */
  readonly knowledge: CallKnowledge | null;
  /** What the call is answered from; null for a call without a knowledge base, and until its passages are found. */
  readonly grounding: Grounding | null;
  readonly facts: CallerFacts;
  /** The stored prompt that the request was made from; null for none. */
  readonly prompt: CallPrompt | null;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** The call that this one repeats for a shadow; null for a call that a caller made. */
  readonly mirrorOf: MirrorOf | null;
  /** The guards that another part of this program chose; null for the policy that applies. No request can set it. */
  readonly chosenGuards: ChosenGuards | null;
  /** Why the call goes to another model than the caller named; null for the named one. */
  readonly reroute: Reroute | null;
  /** The version of the guard policy that read the request, as `id@version`; empty for none. */
  readonly guardedBy: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The same moment on the monotonic clock. */
  readonly startedElapsed: number;
  /** The request in the hub's shape, translated on first use. Throws `invalid_request` or `unprocessable` as the format does. */
  toChat(): ChatRequest;
};

type Arrival = {
  readonly scope: Scope;
  readonly format: FormatId;
  readonly request: AnyRequest;
  readonly caller: Caller;
  /** The prompt that the gateway filled in; otherwise the caller may name the one it used. */
  readonly prompt?: CallPrompt;
  readonly chosenGuards?: ChosenGuards | null;
};

/** What later stages add to a call. */
const UNCHANGED = { grounding: null, mirrorOf: null, reroute: null, guardedBy: "" };

/** Throws `invalid_request` for an invalid `x-treadle-…` header or field `knowledge`. */
export function readCall(
  { scope, format, caller, prompt, chosenGuards = null, ...arrival }: Arrival,
  clock: Clock,
): Call {
  const { request, knowledge } = takeKnowledge(format, arrival.request);
  const parent = readTraceParent(caller.headers.traceparent);
  return {
    bytes: request === arrival.request ? caller.bytes : Buffer.from(JSON.stringify(request)),
    headers: caller.headers,
    signal: caller.signal,
    requestId: caller.requestId,
    scope,
    format,
    request,
    isStream: request.stream === true,
    knowledge,
    facts: readFacts(caller.headers, request),
    prompt: prompt ?? readPrompt(caller.headers["x-treadle-prompt"]),
    traceId: parent?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    parentSpanId: parent?.spanId ?? "",
    ...UNCHANGED,
    chosenGuards,
    startedAt: clock.now(),
    startedElapsed: clock.elapsed(),
    toChat: chatReader(format, request),
  };
}

/** The same call with another request, such as one that a stored prompt completes. */
export const withRequest = (call: Call, request: AnyRequest, prompt: CallPrompt | null): Call => ({
  ...call,
  request,
  prompt,
  bytes: Buffer.from(JSON.stringify(request)),
  toChat: chatReader(call.format, request),
});

/** The same call to another model. What the caller wished of the named one does not apply. */
export function rerouted(call: Call, model: string, reroute: Reroute): Call {
  const facts = { ...call.facts, fallbacks: [], variant: "" };
  return { ...withRequest(call, { ...call.request, model }, call.prompt), facts, reroute };
}

/** Translates at most once: a request that passes through unchanged needs it only for its span. */
function chatReader(format: FormatId, request: AnyRequest): () => ChatRequest {
  let chat: ChatRequest | null = null;
  return () => {
    if (format === "embeddings") throw new Error("an embedding request has no chat shape");
    chat ??= formatOf(format).toChat(request);
    return chat;
  };
}
