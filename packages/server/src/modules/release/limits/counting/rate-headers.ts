import type { Counter } from "./active-limit.ts";
import { capacityOf, percentOf, remainingOf, resetOf, type Times } from "./use-counter.ts";

type Held = { readonly counter: Counter };
type Style = "openai" | "anthropic";
type Headers = Record<string, string>;
const MEASURES = ["requests", "tokens"] as const;

/** The rate-limit headers of a call: for requests and for tokens, the limit that has the least left. */
export function rateHeaders(held: readonly Held[], style: Style, times: Times): Headers {
  const headers: Headers = {};
  for (const measure of MEASURES) {
    const tightest = tightestOf(held, measure, times);
    if (tightest) write(headers, tightest, { measure, style, times });
  }
  const warning = warningOf(held, times);
  if (warning) headers["x-treadle-limit-warning"] = warning;
  return headers;
}

function tightestOf(held: readonly Held[], measure: string, times: Times): Counter | null {
  let tightest: Counter | null = null;
  for (const { counter } of held) {
    if (counter.limit.stored.measure !== measure) continue;
    if (tightest === null || remainingOf(counter, times) < remainingOf(tightest, times)) tightest = counter;
  }
  return tightest;
}

type Written = { readonly measure: (typeof MEASURES)[number]; readonly style: Style; readonly times: Times };

/** Names that are put together for each call would cost more than the check itself. */
const NAMES = {
  openai: {
    requests: ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
    tokens: ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
  },
  anthropic: {
    requests: [
      "anthropic-ratelimit-requests-limit",
      "anthropic-ratelimit-requests-remaining",
      "anthropic-ratelimit-requests-reset",
    ],
    tokens: [
      "anthropic-ratelimit-tokens-limit",
      "anthropic-ratelimit-tokens-remaining",
      "anthropic-ratelimit-tokens-reset",
    ],
  },
} as const;

function write(headers: Headers, counter: Counter, { measure, style, times }: Written): void {
  const [limit, remaining, reset] = NAMES[style][measure];
  const resetMs = resetOf(counter, times);
  headers[limit] = String(Math.floor(capacityOf(counter)));
  headers[remaining] = String(Math.floor(remainingOf(counter, times) + 1e-9));
  headers[reset] = style === "anthropic" ? toTime(times.now + resetMs) : toDuration(resetMs);
}

/** A moment in RFC 3339, rounded up to a second. */
const toTime = (ms: number) => new Date(Math.ceil(ms / 1_000) * 1_000).toISOString();

/** The most used limit above a threshold, as `name; 82%`. */
function warningOf(held: readonly Held[], times: Times): string | null {
  let worst: { readonly name: string; readonly percent: number } | null = null;
  for (const { counter } of held) {
    const { kind, stored } = counter.limit;
    if (kind !== "quota") continue;
    const percent = percentOf(counter, times);
    if (stored.warnAt.some((threshold) => percent >= threshold) && percent > (worst?.percent ?? 0))
      worst = { name: stored.name, percent };
  }
  return worst && `${worst.name.replace(/[^\x20-\x7e]/g, "?")}; ${Math.floor(worst.percent)}%`;
}

/** A duration in OpenAI's form, such as `1m30s` or `250ms`. */
export function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 || hours > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}
