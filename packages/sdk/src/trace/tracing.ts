import type { Span } from "@treadle/contract";
import { type ActiveSpan, beginSpan, type SpanUpdate } from "./active-span.ts";
import { currentContext, readTraceParent, runIn } from "./context.ts";
import { createExporter } from "./exporter.ts";
import { finishWith } from "./finish-with.ts";
import { type Labels, mergeLabels } from "./labels.ts";

export type TracingOptions = {
  /** Where Treadle is, such as `http://127.0.0.1:4747`. */
  readonly baseUrl: string;
  /** A project API key with the right `traces:write`. */
  readonly apiKey: string;
  readonly service?: string;
  readonly environment?: string;
  /** The share of traces that is recorded, from 0 to 1. A trace is recorded whole or not at all. */
  readonly sampleRate?: number;
  /** How long a finished span may wait for others to be sent with. */
  readonly delayMs?: number;
  readonly maxQueuedBytes?: number;
  readonly onProblem?: (message: string) => void;
  readonly fetch?: typeof fetch;
};

export type SpanOptions = SpanUpdate & { readonly name: string };
export type ObserveOptions = SpanOptions & {
  /** False leaves the arguments out of the span. */
  readonly captureInput?: boolean;
  /** False leaves the result out of the span. */
  readonly captureOutput?: boolean;
};
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const EXIT_MS = 5_000;
const hex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const asOptions = (options: string | SpanOptions): SpanOptions =>
  typeof options === "string" ? { name: options } : options;

/** Records what a program does as spans of traces. Nothing here throws because of tracing, and nothing waits for the network but `flush` and `shutdown`. */
export function createTracing(options: TracingOptions) {
  const { service = "", environment = "", sampleRate = 1, onProblem = (message) => console.warn(message) } = options;
  const exporter = createExporter({
    url: new URL("/api/v1/spans", options.baseUrl),
    apiKey: options.apiKey,
    fetch: options.fetch ?? fetch,
    delayMs: options.delayMs ?? 1_000,
    maxQueuedBytes: options.maxQueuedBytes ?? 16_000_000,
    onProblem,
  });
  const leave = flushAtExit(() => exporter.flush(EXIT_MS));

  /** Starts a span under the open span, or a new trace. The caller must end it. */
  function startSpan(given: string | SpanOptions): ActiveSpan {
    const { name, ...update } = asOptions(given);
    const { span: parent, remote, labels } = currentContext();
    const above = parent ?? remote;
    const span = beginSpan(name, {
      traceId: above?.traceId ?? hex(16),
      spanId: hex(8),
      parentSpanId: above?.spanId ?? "",
      isSampled: above?.isSampled ?? Math.random() < sampleRate,
      labels,
      service,
      environment,
      send: exporter.add,
    });
    span.update(update);
    return span;
  }

  /** Runs a function as a span; what it throws marks the span as failed and is thrown on. */
  function span<Result>(given: string | SpanOptions, run: (span: ActiveSpan) => Result): Result {
    const active = startSpan(given);
    return runIn({ span: active, remote: null }, () => finishWith(active, () => run(active)));
  }

  return {
    startSpan,
    span,
    /** The same function, recorded each time it is called: its arguments, its result, how long it took, and what began inside. */
    observe<Args extends readonly unknown[], Result>(
      given: string | ObserveOptions,
      run: (...args: Args) => Result,
    ): (...args: Args) => Result {
      const { captureInput = true, captureOutput = true, ...spanOptions } = asOptions(given) as ObserveOptions;
      return function observed(this: unknown, ...args: Args): Result {
        const input = captureInput && args.length > 0 ? { input: args.length === 1 ? args[0] : args } : {};
        const active = startSpan({ ...spanOptions, ...input });
        const settle = captureOutput ? (output: unknown) => active.update({ output }) : undefined;
        return runIn({ span: active, remote: null }, () =>
          finishWith(active, () => Reflect.apply(run, this, args), settle),
        );
      };
    },
    /** Says who and what every span is about that begins inside: user, session, tags, metadata. */
    with: <Result>(labels: Labels, run: () => Result): Result =>
      runIn({ labels: mergeLabels(currentContext().labels, labels) }, run),
    /** Continues the trace of an incoming request, by its `traceparent` header. Without one, a new trace starts. */
    continueFrom<Result>(headers: Headers | globalThis.Headers, run: () => Result): Result {
      const header = headers instanceof globalThis.Headers ? headers.get("traceparent") : headers.traceparent;
      return runIn({ span: null, remote: readTraceParent(typeof header === "string" ? header : null) }, run);
    },
    /** The span that is open here, to say more about it. */
    current: (): ActiveSpan | null => currentContext().span,
    /** Headers for a request to Treadle's gateway, so that its spans join this trace and know the user and the session. */
    headers: (): Record<string, string> => headersOf(environment),
    /** How many spans were lost because the server was away, full or refused them. */
    droppedSpans: exporter.droppedSpans,
    /** Resolves when what has ended is sent, or after `timeoutMs`. */
    flush: (timeoutMs = EXIT_MS): Promise<void> => exporter.flush(timeoutMs),
    /** Sends what is left and records nothing more. */
    async shutdown(timeoutMs = EXIT_MS): Promise<void> {
      leave();
      await exporter.flush(timeoutMs);
      exporter.close();
    },
    /** Where Treadle is; calls to its own gateway are recorded there and not twice. */
    origin: new URL(options.baseUrl).origin,
  };
}
export type Tracing = ReturnType<typeof createTracing>;
export type SpanKind = Span["kind"];

const flushes = new Set<() => Promise<void>>();

/** What is still waiting when the program has nothing left to do is sent before it ends. Gives the way to undo it. */
function flushAtExit(flush: () => Promise<void>): () => void {
  if (flushes.size === 0) globalThis.process?.on?.("beforeExit", flushAll);
  flushes.add(flush);
  return () => {
    flushes.delete(flush);
    if (flushes.size === 0) globalThis.process?.off?.("beforeExit", flushAll);
  };
}

function flushAll(): void {
  for (const flush of flushes) void flush();
}

function headersOf(environment: string): Record<string, string> {
  const { span, remote, labels } = currentContext();
  const above = span ?? remote;
  const metadata = labels.metadata ?? {};
  return {
    ...(above && { traceparent: `00-${above.traceId}-${above.spanId}-${above.isSampled ? "01" : "00"}` }),
    ...(labels.userId && { "x-treadle-user": inHeader(labels.userId) }),
    ...(labels.sessionId && { "x-treadle-session": inHeader(labels.sessionId) }),
    ...(labels.tags && labels.tags.length > 0 && { "x-treadle-tags": inHeader(labels.tags.join(",")) }),
    ...(Object.keys(metadata).length > 0 && { "x-treadle-metadata": asciiJson(metadata) }),
    ...(environment && { "x-treadle-environment": inHeader(environment) }),
  };
}

/** A header takes Latin-1 and no line ends; Treadle reads the bytes of UTF-8 in it. */
const inHeader = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) =>
    String.fromCharCode(byte < 0x20 || byte === 0x7f ? 0x20 : byte),
  ).join("");

const asciiJson = (value: object) =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
