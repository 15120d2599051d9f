import type { Clock } from "../../kernel/clock.ts";
import type { Call } from "./call.ts";
import type { UpstreamHeaders } from "./open-upstream.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const EVENTS_TYPE = "text/event-stream; charset=utf-8";
/** Of a provider's own headers, what an application may steer by. */
const RELAYED = /^(?:x-ratelimit-|anthropic-ratelimit-|retry-after|openai-processing-ms$|openai-version$)/;
const WIDE = /[^\x20-\x7e]/g;

type Head = {
  /** Who answered, such as `openai/gpt-4o`. */
  readonly model: string;
  readonly isStream: boolean;
  readonly upstream?: UpstreamHeaders;
  readonly cache?: "hit" | "miss";
};

/** The headers of an answer: which span it is, who gave it, and how much time the gateway itself took. */
export function answerHead(
  call: Call,
  { model, isStream, upstream, cache }: Head,
  clock: Clock,
): Record<string, string> {
  const overhead = Math.max(0, clock.elapsed() - call.startedElapsed - call.upstreamMs).toFixed(2);
  const headers: Record<string, string> = {
    "content-type": isStream ? EVENTS_TYPE : JSON_TYPE,
    "cache-control": isStream ? "no-cache, no-transform" : "no-store",
    "x-treadle-trace-id": call.traceId,
    "x-treadle-span-id": call.spanId,
    "x-treadle-model": toHeaderText(model),
    "x-treadle-attempts": String(call.attempts.length),
    "x-treadle-overhead-ms": overhead,
    "server-timing": `gateway;dur=${overhead}, provider;dur=${call.upstreamMs.toFixed(2)}`,
  };
  // Proxies in front would otherwise keep a stream until it is whole.
  if (isStream) headers["x-accel-buffering"] = "no";
  if (call.prompt) headers["x-treadle-prompt"] = `${encodeURIComponent(call.prompt.name)}@${call.prompt.version}`;
  if (cache) headers["x-treadle-cache"] = cache;
  if (call.warnings.length > 0) headers["x-treadle-warnings"] = toHeaderText(call.warnings.join("; ").slice(0, 2_000));
  if (upstream) relay(upstream, headers);
  return headers;
}

function relay(upstream: UpstreamHeaders, headers: Record<string, string>): void {
  for (const name in upstream) {
    const value = upstream[name];
    if (typeof value === "string" && RELAYED.test(name)) headers[name] = toHeaderText(value);
  }
}

const toHeaderText = (text: string) => text.replace(WIDE, "?");
