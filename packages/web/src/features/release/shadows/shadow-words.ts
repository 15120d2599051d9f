import { formatCount, formatDuration, formatMoney, formatPercent } from "../../../components/text/format.ts";
import type { ShadowResults } from "./use-shadows.ts";

type Difference = ShadowResults["differences"][number];
type Range = readonly [number, number] | readonly number[] | null;

export const MATCH_WORDS: Readonly<Record<ShadowResults["matches"][number]["key"], string>> = {
  exact: "Same answer",
  json: "Same JSON",
  tools: "Same tool calls",
};
export const OUTCOME_WORDS: Readonly<Record<ShadowResults["outcomes"][number]["key"], string>> = {
  answered: "Answered",
  complete: "Not cut off",
  valid: "Valid form",
  "calls-tool": "Calls a tool",
};
export const DIFFERENCE_WORDS: Readonly<Record<Difference["key"], string>> = {
  latency: "Latency",
  cost: "Cost",
  "output-tokens": "Output tokens",
};

const FORMATS: Readonly<Record<Difference["key"], (value: number) => string>> = {
  latency: formatDuration,
  cost: formatMoney,
  "output-tokens": (value) => formatCount(Math.round(value)),
};

export const formatValue = (key: Difference["key"], value: number | null): string =>
  value === null ? "–" : FORMATS[key](value);

/** With its sign: formats of the app are for numbers above 0. */
export const formatDifference = (key: Difference["key"], value: number | null): string =>
  value === null ? "–" : `${signOf(value)}${FORMATS[key](Math.abs(value))}`;

export const formatShare = (share: number | null): string => (share === null ? "–" : formatPercent(share));

/** How many times the primary's value: 0.33 is twice as much, −0.33 is half. */
export function formatRelative(relative: number | null): string {
  if (relative === null) return "–";
  if (relative >= 0.999) return "far more";
  return `× ${((1 + relative) / (1 - relative)).toPrecision(2)}`;
}

export function formatRange(range: Range, format: (value: number) => string): string {
  const [low, high] = range ?? [];
  return low === undefined || high === undefined ? "" : `${format(low)} to ${format(high)}`;
}

/** An e-value: two digits, and powers of ten for large ones. */
export function formatEvidence(evidence: number): string {
  if (evidence >= 10_000) return `10^${Math.floor(Math.log10(evidence))}`;
  return evidence >= 100 ? formatCount(Math.round(evidence)) : evidence.toPrecision(2);
}

export const formatPValue = (value: number): string => (value < 0.001 ? "p < 0.001" : `p ${value.toPrecision(2)}`);

const signOf = (value: number): string => (value > 0 ? "+" : value < 0 ? "−" : "");
