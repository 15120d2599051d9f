import { formatCompact, formatMoney } from "../../../components/text/format.ts";
import type { Limit } from "./use-limits.ts";

export const MEASURE_WORDS = {
  requests: "Requests",
  tokens: "Tokens",
  cost: "Cost (USD)",
  concurrency: "Calls at the same time",
} as const;
export const WINDOW_WORDS = { minute: "Minute", hour: "Hour", day: "Day", month: "Month" } as const;
export const SCOPE_WORDS = {
  project: "Whole project",
  key: "API key",
  user: "User",
  tag: "Tag",
  endpoint: "Endpoint",
  variant: "Variant",
  provider: "Provider",
} as const;
export const ACTION_WORDS = { reject: "Reject the call", warn: "Only report" } as const;
export const PRICE_WORDS = {
  zero: "Count the call as 0",
  reject: "Reject the call",
  default: "Use a default price",
} as const;

/** An amount in the unit of its measure, such as `$12.00` or `6K tokens`. */
export function amountWords(amount: number, measure: Limit["measure"]): string {
  if (measure === "cost") return formatMoney(amount);
  if (measure === "concurrency") return `${formatCompact(amount)} ${amount === 1 ? "call" : "calls"}`;
  return `${formatCompact(amount)} ${amount === 1 ? measure.slice(0, -1) : measure}`;
}

/** What a limit allows, such as `$500.00 per month` or `10 calls at the same time`. */
export function allowanceWords({ amount, measure, window }: Pick<Limit, "amount" | "measure" | "window">): string {
  const words = amountWords(amount, measure);
  return window === null ? `${words} at the same time` : `${words} per ${window}`;
}

/** Whose calls a limit counts, such as `each API key` or `the tag "batch"`. */
export function scopeWords({ scope, value }: Pick<Limit, "scope" | "value">): string {
  if (scope === "project") return "the whole project";
  const noun = scope === "key" ? "API key" : SCOPE_WORDS[scope].toLowerCase();
  return value === null ? `each ${noun}` : `the ${noun} "${value}"`;
}

/** Whether calls can wait for the limit: their turn comes within a minute or when another call ends. */
export const canQueue = ({ measure, window }: Partial<Pick<Limit, "measure" | "window">>): boolean =>
  measure === "concurrency" || window === "minute";

/** How many calls wait, such as `1 call is waiting`. */
export const waitingWords = (waiting: number): string =>
  `${formatCompact(waiting)} ${waiting === 1 ? "call is" : "calls are"} waiting`;
