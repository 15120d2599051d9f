import type { Chart } from "@treadle/contract";
import type { TimeRange } from "../../../../components/time/time-range.ts";

/** What the page adds to every chart. */
export type Frame = { readonly filter: string; readonly isCompared: boolean };
type Query = Chart["query"];

/** More lines than this cannot be distinguished. */
export const MOST_SERIES = 6;
/** More steps than this are narrower than a pixel or two. */
const MOST_STEPS = 400;

/** Both conditions at once, whatever is in them. */
export function joinFilters(one = "", other = ""): string {
  const parts = [one.trim(), other.trim()].filter(Boolean);
  return parts.length < 2 ? (parts[0] ?? "") : parts.map((part) => `(${part})`).join(" ");
}

/** The measures that are drawn: those that share the axis of the first. */
export const drawnMeasures = <Name>(measures: readonly Name[], unit: (name: Name) => string): Name[] =>
  measures.filter((name) => measures[0] !== undefined && unit(name) === unit(measures[0])).slice(0, MOST_SERIES);

/** How many groups a chart over time can show, so that with all others there are at most six lines. */
export const groupsFor = (measures: number): number => Math.max(1, Math.floor(MOST_SERIES / measures) - 1);

/** A step that would make too many of them for this time is left to the server. */
export function stepFor({ intervalSeconds }: Query, { from, to }: TimeRange): number | undefined {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return intervalSeconds && seconds / intervalSeconds <= MOST_STEPS ? intervalSeconds : undefined;
}

/** What a chart asks in a span of time. */
export function questionOf({ query, kind }: Chart, range: TimeRange, { filter, isCompared }: Frame) {
  const { intervalSeconds: _, where, ...asked } = query;
  const intervalSeconds = stepFor(query, range);
  const isOverTime = query.dimensions.includes("time") && (kind === "line" || kind === "bar");
  const joined = joinFilters(where.filter, filter);
  return {
    ...asked,
    ...range,
    where: { ...where, ...(joined && { filter: joined }) },
    ...(intervalSeconds && { intervalSeconds }),
    ...(isOverTime && { limit: Math.min(query.limit, groupsFor(query.measures.length)) }),
    ...(isCompared && kind !== "heatmap" && { compare: "previous" as const }),
  };
}
export type Question = ReturnType<typeof questionOf>;

/** The course of a single number, for the line under it. */
export function trendOf(question: Question): Question {
  const { compare: _, ...rest } = question;
  return { ...rest, measures: question.measures.slice(0, 1), dimensions: ["time"] };
}
