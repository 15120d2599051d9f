import type { Attempt, ChatRequest } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { newSpanId, newTraceId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Sink } from "../../kernel/sink.ts";
import type { AnyRequest, CallerHeaders } from "./any-request.ts";
import { type CallerFacts, type CallPrompt, readFacts, readPrompt, readTraceParent } from "./caller-facts.ts";

/** The shapes in which callers ask, with the path behind the version and OpenTelemetry's word for the operation. */
export const WIRES = {
  chat: { path: "/chat/completions", operation: "chat", errors: "openai" },
  completions: { path: "/completions", operation: "text_completion", errors: "openai" },
  responses: { path: "/responses", operation: "chat", errors: "openai" },
  embeddings: { path: "/embeddings", operation: "embeddings", errors: "openai" },
  messages: { path: "/messages", operation: "chat", errors: "anthropic" },
} as const;
export type WireId = keyof typeof WIRES;

/** The one who asks: over HTTP, or another part of this program. */
export type Caller = {
  /** The body as it arrived. */
  readonly bytes: Buffer;
  readonly headers: CallerHeaders;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  readonly requestId: string;
};
export type WireCaller = Caller & { readonly sink: Sink; setHeader(name: string, value: string): void };

/** One call from its arrival to its span. The fields that are not readonly are filled in on the way. */
export type Call = Caller & {
  readonly scope: Scope;
  readonly wire: WireId;
  readonly request: AnyRequest;
  readonly isStream: boolean;
  readonly facts: CallerFacts;
  /** The stored prompt that the request was made from; null for none. */
  readonly prompt: CallPrompt | null;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** Milliseconds since 1970, and on the clock that never jumps. */
  readonly startedAt: number;
  readonly startedElapsed: number;
  readonly attempts: Attempt[];
  warnings: readonly string[];
  /** The request in the hub's shape, once something needed it. */
  hub: ChatRequest | null;
  /** Milliseconds spent waiting for providers and between tries. */
  upstreamMs: number;
  /** Stops the try that is under way. */
  stop: (() => void) | null;
};

type Arrival = {
  readonly scope: Scope;
  readonly wire: WireId;
  readonly request: AnyRequest;
  readonly caller: Caller;
  /** What was put into the request here; otherwise the caller may say what it was made from. */
  readonly prompt?: CallPrompt;
};

/** Throws `invalid_request` for a `x-treadle-…` header that cannot be understood. */
export function startCall({ scope, wire, request, caller, prompt }: Arrival, clock: Clock): Call {
  const parent = readTraceParent(caller.headers.traceparent);
  return {
    bytes: caller.bytes,
    headers: caller.headers,
    signal: caller.signal,
    requestId: caller.requestId,
    scope,
    wire,
    request,
    isStream: request.stream === true,
    facts: readFacts(caller.headers, request),
    prompt: prompt ?? readPrompt(caller.headers["x-treadle-prompt"]),
    traceId: parent?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    parentSpanId: parent?.spanId ?? "",
    startedAt: clock.now(),
    startedElapsed: clock.elapsed(),
    attempts: [],
    warnings: [],
    hub: null,
    upstreamMs: 0,
    stop: null,
  };
}
