import { formatDuration } from "../../../components/text/format.ts";
import type { Slo, SloStatus } from "./use-slos.ts";

type Indicator = Slo["indicator"];

export const INDICATOR_WORDS: Readonly<Record<Indicator["kind"], string>> = {
  availability: "Availability: without an error",
  latency: "Latency",
  timeToFirstToken: "Time to first token",
  score: "Quality: a score",
  guardBlocks: "Guards: not blocked",
};

/** A time that a person has set: `1.5 s` instead of `1.50 s`. */
const limitWords = (ms: number): string =>
  formatDuration(ms).replace(/\.(\d*?)0+ s$/, (_, digits: string) => (digits === "" ? " s" : `.${digits} s`));

/** What a good request is. */
export function goodWords(indicator: Indicator): string {
  switch (indicator.kind) {
    case "availability":
      return "without an error";
    case "latency":
      return `within ${limitWords(indicator.thresholdMs)}`;
    case "timeToFirstToken":
      return `first token within ${limitWords(indicator.thresholdMs)}`;
    case "score":
      return `${indicator.score} at least ${indicator.least}`;
    case "guardBlocks":
      return "not blocked by guards";
    default:
      return indicator satisfies never;
  }
}

/** A share as a percentage with up to five digits, since 99.9 % and 99.99 % differ by ten times. */
export const exactPercent = (share: number): string => `${Number((share * 100).toPrecision(5))}%`;

/** A share in as many digits as the width of its interval supports: one decimal for an interval of one percentage point. */
export function sharePercent(share: number | null, lower: number | null, upper: number | null): string {
  if (share === null || lower === null || upper === null) return "–";
  const width = (upper - lower) * 100;
  const digits = width <= 0 ? 3 : Math.min(3, Math.max(0, 1 - Math.round(Math.log10(width))));
  return `${(share * 100).toFixed(digits)}%`;
}

/** A burn rate with two significant digits. */
export const formatBurn = (rate: number | null): string =>
  rate === null ? "–" : `${rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(2))}×`;

/** The share of the budget that is left. Below zero, more than the budget is used. */
export const formatBudget = (left: number | null): string =>
  left === null
    ? "–"
    : left < -9.99
      ? "below −999%"
      : `${Math.round(left * 100)
          .toString()
          .replace("-", "−")}%`;

/** `5 min`, `6 h`, `3 d`. */
export function windowWords(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

const HOURS_PER_DAY = 24;

/** When the budget is used up. */
export function exhaustionWords({ exhaustedInHours: hours, state }: SloStatus): string {
  if (state === "exhausted" || state === "at-risk") return "Already";
  if (hours === null) return "Not at the rate of the last 6 hours";
  if (hours < 1) return "In less than an hour";
  if (hours < 2 * HOURS_PER_DAY) return `In about ${Math.round(hours)} hours`;
  return `In about ${Math.round(hours / HOURS_PER_DAY)} days`;
}
