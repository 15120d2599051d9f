import { createHash } from "node:crypto";
import type { SpanInput } from "@treadle/contract";
import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const idOf = (digits: number, text: string) => createHash("sha256").update(text).digest("hex").slice(0, digits);
export const traceIdOf = (name: string) => idOf(32, name);
export const spanIdOf = (traceName: string, spanName: string) => idOf(16, `${traceName}/${spanName}`);

/** Sends the spans of one trace in batches, and waits until the last span is stored. */
export async function sendTrace({ url, apiKey }: RunningTreadle, spans: readonly SpanInput[]): Promise<string> {
  const client = createClient({ baseUrl: url, apiKey });
  for (let at = 0; at < spans.length; at += 5_000)
    await client.call("POST /api/v1/spans", { body: { spans: spans.slice(at, at + 5_000) } });
  const traceId = spans[0]?.traceId ?? "";
  for (let tries = 0; tries < 300; tries += 1) {
    const stored = await client
      .call("GET /api/v1/traces/:traceId/outline", { params: { traceId } })
      .then(({ columns }) => columns.spanId.length)
      .catch(() => 0);
    if (stored >= new Set(spans.map(({ spanId }) => spanId)).size) return traceId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the trace ${traceId} was not stored whole within 30 s`);
}

type Step = { at: number; for: number } & Omit<Partial<SpanInput>, "traceId" | "spanId" | "startTime" | "durationMs">;

/** A builder for traces. Each step has a key, its parent's key, a start and a duration in milliseconds. */
export function writeTrace(name: string, beganAt = Date.now() - 60_000) {
  const spans: SpanInput[] = [];
  function add(key: string, parent: string, { at, for: durationMs, ...more }: Step) {
    spans.push({
      traceId: traceIdOf(name),
      spanId: spanIdOf(name, key),
      parentSpanId: parent === "" ? "" : spanIdOf(name, parent),
      name: key,
      startTime: new Date(beganAt + at).toISOString(),
      durationMs,
      service: "assistant-api",
      input: null,
      output: null,
      ...more,
    });
  }
  return { spans, add };
}

/** A trace whose agents call a model, tools and a database repeatedly. One step in a thousand fails. */
export function hugeTrace(name: string, count: number): readonly SpanInput[] {
  const { spans, add } = writeTrace(name);
  add("nightly-review", "", { at: 0, for: count * 2, kind: "agent", userId: "batch" });
  for (let at = 1; at < count; at += 1) {
    const section = Math.floor((at - 1) / 100) * 100 + 1;
    const group = Math.floor((at - 1) / 10) * 10 + 1;
    const step = { at: at * 2, for: at === section ? 190 : at === group ? 18 : 1.5 };
    if (at === section) add(`section-${at}`, "nightly-review", { ...step, kind: "chain", name: "review section" });
    else if (at === group) add(`group-${at}`, `section-${section}`, { ...step, kind: "tool", name: "read_document" });
    else {
      const parent = group === section ? `section-${section}` : `group-${group}`;
      const isCall = at % 5 === 0;
      add(`step-${at}`, parent, {
        ...step,
        name: isCall ? "chat" : at % 7 === 0 ? "SELECT documents" : `GET /documents/${at}`,
        kind: isCall ? "generation" : "span",
        ...(isCall && { requestModel: "gpt-4o-mini", inputTokens: 300, outputTokens: 40, costUsd: 0.00007 }),
        ...(at % 1_000 === 0 && { status: "error", errorType: "timeout", errorMessage: "The document took too long." }),
        ...(at === count - 3 && { output: "the needle in the haystack" }),
      });
    }
  }
  return spans;
}
