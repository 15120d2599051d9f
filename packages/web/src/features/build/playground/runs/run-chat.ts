import { readEvents } from "../../../../api.ts";
import type { CurrentProject } from "../../../system/session/index.ts";

/**
 * What is known of one answer so far. Times are milliseconds as seen from this browser; the trace holds the server's.
 */
export type Run = {
  state: "waiting" | "running" | "done" | "failed" | "stopped";
  text: string;
  reasoning: string;
  calls: readonly ToolCall[];
  error?: string;
  firstTokenMs?: number;
  durationMs?: number;
  inputTokens?: number;
  outputTokens?: number;
  finish?: string;
  traceId?: string;
  spanId?: string;
  /** The earlier calls in the same cell, each with its tool results. */
  rounds?: readonly Round[];
  /** Every span of the cell; what they cost is added when they have been stored. */
  spans?: readonly SpanRef[];
  /** In US dollars; null when no price is known, undefined until the spans have been read. */
  costUsd?: number | null;
  /** The differences from the column's JSON schema; undefined without a schema. */
  problems?: readonly string[];
  /** The fingerprint of the request, to detect outdated answers. */
  askedOf?: string;
  /** Which model answered, which an endpoint or a fallback may have chosen. */
  answeredBy?: string;
  attempts?: number;
};
export type SpanRef = { readonly traceId: string; readonly spanId: string };
type Round = { readonly text: string; readonly calls: readonly (ToolCall & { readonly result: string })[] };
type ToolCall = { id: string; name: string; arguments: string };

export type ChatInput = {
  client: CurrentProject["client"];
  request: Readonly<Record<string, unknown>>;
  isStreamed: boolean;
  signal: AbortSignal;
};

export const EMPTY_RUN: Run = { state: "running", text: "", reasoning: "", calls: [] };

/** Sends one chat request and yields what is known after each piece of the answer. Errors are thrown as they come. */
export async function* runChat({
  client,
  request,
  isStreamed,
  signal,
}: ChatInput): AsyncGenerator<Run, void, undefined> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const body = { ...request, ...(isStreamed && { stream: true, stream_options: { include_usage: true } }) } as {
    model: string;
    messages?: { role: string }[];
  };
  const response = await client.send("POST /v1/chat/completions", { body, signal });
  let run: Run = { ...EMPTY_RUN, ...factsOf(response.headers) };
  if (!isStreamed || !response.body) {
    yield { ...run, ...wholeAnswer(await response.json()), durationMs: elapsed(), state: "done" };
    return;
  }
  yield run;
  for await (const data of readEvents(response.body)) {
    if (data === "[DONE]") break;
    run = addChunk(run, JSON.parse(data));
    if (run.firstTokenMs === undefined && (run.text || run.reasoning || run.calls.length > 0))
      run = { ...run, firstTokenMs: elapsed() };
    yield run;
  }
  yield { ...run, durationMs: elapsed(), state: "done" };
}

function factsOf(headers: Headers): Partial<Run> {
  return {
    traceId: headers.get("x-treadle-trace-id") ?? undefined,
    spanId: headers.get("x-treadle-span-id") ?? undefined,
    answeredBy: headers.get("x-treadle-model") ?? undefined,
    attempts: Number(headers.get("x-treadle-attempts") ?? 1),
  };
}

type Delta = {
  content?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: { index?: number; id?: string; function?: { name?: string; arguments?: string } }[];
};
type Chunk = {
  error?: { message?: string };
  choices?: { delta?: Delta; message?: Delta; finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
};

/** Adds one piece of a streamed answer. An error in the middle of a stream is thrown with the provider's sentence. */
export function addChunk(run: Run, chunk: Chunk): Run {
  if (chunk.error) throw new Error(chunk.error.message ?? "The connection closed before the answer was complete.");
  const choice = chunk.choices?.[0];
  const delta = choice?.delta ?? choice?.message ?? {};
  return {
    ...run,
    text: run.text + (delta.content ?? ""),
    reasoning: run.reasoning + (delta.reasoning_content ?? delta.reasoning ?? ""),
    calls: addCalls(run.calls, delta.tool_calls ?? []),
    finish: choice?.finish_reason ?? run.finish,
    inputTokens: chunk.usage?.prompt_tokens ?? run.inputTokens,
    outputTokens: chunk.usage?.completion_tokens ?? run.outputTokens,
  };
}

const wholeAnswer = (answer: Chunk): Run => addChunk(EMPTY_RUN, answer);

function addCalls(calls: readonly ToolCall[], deltas: NonNullable<Delta["tool_calls"]>): readonly ToolCall[] {
  const next = [...calls];
  for (const { index = next.length, id = "", function: called = {} } of deltas) {
    const known = next[index] ?? { id: "", name: "", arguments: "" };
    next[index] = {
      id: known.id || id,
      name: known.name + (called.name ?? ""),
      arguments: known.arguments + (called.arguments ?? ""),
    };
  }
  return next;
}
