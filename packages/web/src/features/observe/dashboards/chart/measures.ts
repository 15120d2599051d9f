import { SPAN_DIMENSIONS, SPAN_MEASURES } from "@treadle/contract";
import type { Direction } from "../../../../components/text/change.ts";

/** Which way is better. Of volumes, tokens and money more is neither: it may be success. */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  errors: "down",
  errorRate: "down",
  cacheHitRate: "up",
  latencyAvgMs: "down",
  latencyP50Ms: "down",
  latencyP90Ms: "down",
  latencyP95Ms: "down",
  latencyP99Ms: "down",
  timeToFirstTokenP50Ms: "down",
  timeToFirstTokenP95Ms: "down",
};

export const directionOf = (measure: string): Direction => DIRECTIONS[measure];

const isMeasure = (name: string): name is keyof typeof SPAN_MEASURES => Object.hasOwn(SPAN_MEASURES, name);
const isDimension = (name: string): name is keyof typeof SPAN_DIMENSIONS => Object.hasOwn(SPAN_DIMENSIONS, name);
const afterPoint = (name: string) => name.slice(name.indexOf(".") + 1);

export const unitOf = (measure: string): string => (isMeasure(measure) ? SPAN_MEASURES[measure].unit : "score");
export const measureLabel = (name: string): string => (isMeasure(name) ? SPAN_MEASURES[name].label : afterPoint(name));
export const dimensionLabel = (name: string): string => (isDimension(name) ? SPAN_DIMENSIONS[name] : afterPoint(name));

/** Dimensions within a sentence: `user and day of the week (UTC)`. */
export const namesOf = (dimensions: readonly string[]): string =>
  dimensions
    .map(dimensionLabel)
    .map((label) => `${label[0]?.toLowerCase() ?? ""}${label.slice(1)}`)
    .join(" and ");

/** A rate or percentile of few spans is not meaningful; a count is exact. */
export const isStatistic = (measure: string): boolean => ["ms", "ratio", "score"].includes(unitOf(measure));

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The value of a dimension as people read it. */
export function valueLabel(dimension: string, value: string): string {
  if (value === "") return "(none)";
  if (dimension === "dayOfWeek") return DAYS[Number(value) - 1] ?? value;
  if (dimension === "hourOfDay") return `${value.padStart(2, "0")}:00`;
  if (dimension === "latencyBand") return bandLabel(Number(value));
  return value;
}

const bandLabel = (ms: number) =>
  ms < 1000 ? `≥ ${ms} ms` : ms < 60_000 ? `≥ ${ms / 1000} s` : `≥ ${Number((ms / 60_000).toFixed(1))} m`;
