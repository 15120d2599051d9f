import { AppError } from "../../../../kernel/errors.ts";
import type { Counter } from "./active-limit.ts";
import { capacityOf, remainingOf, type Times } from "./use-counter.ts";

/** A client that waits longer than this waits in vain: SDKs retry after seconds. */
const LONGEST_RETRY_MS = 60_000;
const UNITS = { requests: "requests", tokens: "tokens", cost: "US dollars", concurrency: "calls at the same time" };

type Refused = {
  readonly counter: Counter;
  readonly amount: number;
  readonly waitMs: number;
  readonly times: Times;
  readonly headers: Readonly<Record<string, string>>;
  /** What happened in the queue of the limit; empty if the call was not in one. */
  readonly note: string;
};

/** The error for a call that a limit refuses. It names the limit, the scope and the time until the call would pass. */
export function refusal({ counter, amount, waitMs, times, headers, note }: Refused): AppError {
  const { limit, value } = counter;
  const { limitId, name, measure, scope } = limit.stored;
  const details = { limitId, limit: name, scope, value, measure };
  if (waitMs === Number.POSITIVE_INFINITY)
    return new AppError("unprocessable", { message: tooLarge(counter, amount), details });
  const left = remainingOf(counter, times);
  const isQuota = limit.kind === "quota";
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  return new AppError(isQuota ? "quota_exceeded" : "rate_limited", {
    message: `${describe(counter)} is reached: ${show(left, measure)} of ${show(capacityOf(counter), measure)} ${UNITS[measure]} are left, and this call needs ${show(amount, measure)}. ${isQuota ? `The period ends at ${new Date(counter.end).toISOString()}.` : `Try again in ${retryAfterSeconds} s.`}${note}`,
    details,
    retryAfterSeconds,
    headers: waitMs > LONGEST_RETRY_MS ? { ...headers, "x-should-retry": "false" } : headers,
  });
}

const tooLarge = (counter: Counter, amount: number) => {
  const { measure } = counter.limit.stored;
  return `This call needs ${show(amount, measure)} ${UNITS[measure]}, but ${describe(counter, "the")} allows at most ${show(capacityOf(counter), measure)} at the same moment. Lower \`max_tokens\`, shorten the request, or raise the burst of the limit.`;
};

/** The price of the model is unknown, and the limit rejects such calls. */
export const unpriced = (counter: Counter, model: string) =>
  new AppError("unprocessable", {
    message: `${describe(counter)} counts cost, but the price of the model "${model}" is unknown. Set its price, or change the limit's setting for unknown prices.`,
    details: { limitId: counter.limit.stored.limitId, scope: counter.limit.stored.scope },
  });

function describe({ limit, value }: Counter, article: "The" | "the" = "The"): string {
  const { name, scope } = limit.stored;
  return `${article} limit "${name}"${value === "" ? "" : ` for the ${scope} "${value}"`}`;
}

const show = (amount: number, measure: "requests" | "tokens" | "cost" | "concurrency"): string =>
  measure === "cost"
    ? amount.toFixed(amount < 0.01 ? 6 : 2)
    : String(measure === "tokens" ? Math.ceil(amount) : Math.floor(amount + 1e-9));
