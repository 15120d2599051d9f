import type { Clock } from "../../../../kernel/clock.ts";
import type { AttemptLog } from "../attempt/attempt-log.ts";
import type { UpstreamHeaders } from "../attempt/outcome.ts";
import type { Call } from "../request/read-call.ts";
import type { CacheMatch } from "./cache-match.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const EVENTS_TYPE = "text/event-stream; charset=utf-8";
/** The provider's headers that an application can act on. */
const RELAYED = /^(?:x-ratelimit-|anthropic-ratelimit-|retry-after|openai-processing-ms$|openai-version$)/;
const WIDE = /[^\x20-\x7e]/g;

type Head = {
  /** The target that answered, such as `openai/gpt-4o`. */
  readonly model: string;
  /** The variant of the endpoint. */
  readonly variant?: string | undefined;
  readonly isStream: boolean;
  readonly upstream?: UpstreamHeaders | undefined;
  readonly cache?: "hit" | "miss" | undefined;
  /** How a hit was found. */
  readonly match?: CacheMatch;
  readonly log: AttemptLog;
};

/** The headers of an answer: its span, the model that gave it, and the time that the gateway itself took. */
export function answerHead(
  call: Call,
  { model, variant, isStream, upstream, cache, match, log }: Head,
  clock: Clock,
): Record<string, string> {
  const overhead = Math.max(0, clock.elapsed() - call.startedElapsed - log.upstreamMs - log.queuedMs).toFixed(2);
  const headers: Record<string, string> = {
    "content-type": isStream ? EVENTS_TYPE : JSON_TYPE,
    "cache-control": isStream ? "no-cache, no-transform" : "no-store",
    "x-treadle-trace-id": call.traceId,
    "x-treadle-span-id": call.spanId,
    "x-treadle-model": toHeaderText(model),
    "x-treadle-attempts": String(log.attempts.length),
    "x-treadle-overhead-ms": overhead,
    "server-timing": `gateway;dur=${overhead}, provider;dur=${log.upstreamMs.toFixed(2)}`,
  };
  if (log.queuedMs > 0) headers["server-timing"] += `, queue;dur=${log.queuedMs.toFixed(2)}`;
  // Reverse proxies would otherwise buffer the stream until it ends.
  if (isStream) headers["x-accel-buffering"] = "no";
  if (call.prompt) headers["x-treadle-prompt"] = `${encodeURIComponent(call.prompt.name)}@${call.prompt.version}`;
  if (variant !== undefined) headers["x-treadle-variant"] = variant;
  if (cache) headers["x-treadle-cache"] = cache;
  if (match) Object.assign(headers, matchHeaders(match));
  if (log.warnings.length > 0) headers["x-treadle-warnings"] = toHeaderText(log.warnings.join("; ").slice(0, 2_000));
  if (upstream) relay(upstream, headers);
  // The limits of the project come before those of the provider.
  if (log.reservation) Object.assign(headers, log.reservation.headers());
  return headers;
}

const matchHeaders = ({ kind, similarity, source }: CacheMatch) => ({
  "x-treadle-cache-kind": kind,
  ...(kind === "semantic" && { "x-treadle-cache-similarity": similarity.toFixed(4) }),
  ...(source && { "x-treadle-cache-source": source.traceId }),
});

function relay(upstream: UpstreamHeaders, headers: Record<string, string>): void {
  for (const name in upstream) {
    const value = upstream[name];
    if (typeof value === "string" && RELAYED.test(name)) headers[name] = toHeaderText(value);
  }
}

const toHeaderText = (text: string) => text.replace(WIDE, "?");
