import { SPAN_DIMENSIONS, SPAN_MEASURES } from "@treadle/contract";
import { timeOf } from "../../../components/time/time-range.ts";
import { addCondition, groupCondition } from "../filter/index.ts";
import type { GroupSearch } from "./explore-search.ts";

const DEFAULT_BY = "model";
const DEFAULT_SHOW = "count,errorRate,latencyP50Ms,latencyP95Ms,totalTokens,costUsd";
const MOST_DIMENSIONS = 3;
const MOST_MEASURES = 10;

const isDimension = (name: string) => Object.hasOwn(SPAN_DIMENSIONS, name) || /^metadata\../.test(name);
const isMeasure = (name: string) => Object.hasOwn(SPAN_MEASURES, name) || /^score\../.test(name);

/** A table of groups as an address asks for it, without what there is not. */
export function readGroups({ by = DEFAULT_BY, show = DEFAULT_SHOW, sort, direction }: GroupSearch) {
  const dimensions = [...new Set(by.split(",").filter(isDimension))].slice(0, MOST_DIMENSIONS);
  const measures = [...new Set(show.split(",").filter(isMeasure))].slice(0, MOST_MEASURES);
  const shown = measures.length > 0 ? measures : DEFAULT_SHOW.split(",");
  const sortedBy = shown.find((name) => name === sort) ?? shown[0] ?? "count";
  return { dimensions, measures: shown, sortedBy, isAscending: direction === "asc" };
}

/** The names in the address. The default has no name. */
export const writeDimensions = (names: readonly string[]): string | undefined =>
  names.join(",") === DEFAULT_BY ? undefined : names.join(",") || "none";
export const writeMeasures = (names: readonly string[]): string | undefined =>
  names.join(",") === DEFAULT_SHOW || names.length === 0 ? undefined : names.join(",");

/** The filter that leaves the spans of one group, as far as the language reaches, and the time of a group of time. */
export function narrowTo(group: Readonly<Record<string, string>>, filter: string, stepSeconds: number | null) {
  let text = filter;
  let time = {};
  for (const [name, value] of Object.entries(group)) {
    const condition = groupCondition(name, value);
    if (name === "time" && stepSeconds) {
      const from = new Date(value);
      time = timeOf(from, new Date(from.getTime() + stepSeconds * 1000));
    }
    if (condition) text = addCondition(text, condition);
  }
  return { filter: text || undefined, ...time };
}

/** How a group's value reads where it is none. */
export const wordOf = (value: string | undefined): string => value || "none";
