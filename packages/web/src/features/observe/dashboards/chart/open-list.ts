import type { Chart } from "@treadle/contract";
import type { TimeRange } from "../../../../components/time/time-range.ts";
import { addCondition, groupCondition, otherCondition, parseFilter } from "../../filter/index.ts";
import { joinFilters } from "./chart-question.ts";

type Group = Readonly<Record<string, string>>;
export type Opened = {
  readonly group: Group;
  readonly isOther?: boolean;
  /** The groups that are shown by name, which all others are not. */
  readonly named?: readonly Group[];
  readonly measure: string | undefined;
  /** The period. For a row with a time, the period of its interval. */
  readonly time: TimeRange;
  readonly stepSeconds: number | null;
};

/** What a measure is about, beyond the filter of its chart. */
const OF_MEASURE: Readonly<Record<string, string>> = {
  errors: "status:error",
  errorRate: "status:error",
  requests: "kind:generation,embedding",
};
const ORDERS: Readonly<Record<string, string>> = { ms: "durationMs", usd: "costUsd" };
const FIRST_TOKEN = /^timeToFirstToken/;

/** A chart, or anything else that narrows spans. */
type Narrowed = { readonly query: Pick<Chart["query"], "where"> };

/** The address of the list of the spans that a part of a chart is made of. */
export function listBehind({ query }: Narrowed, pageFilter: string, opened: Opened) {
  const { group, isOther = false, named = [], measure = "", time, stepSeconds } = opened;
  const conditions = isOther
    ? Object.keys(group).map((name) => otherCondition(name, valuesOf(named, name)))
    : Object.entries(group).map(([name, value]) => groupCondition(name, value));
  const filter = [...(Object.keys(group).length > 1 && isOther ? [] : conditions), OF_MEASURE[measure]]
    .filter((condition) => condition !== undefined)
    .reduce(addCondition, joinFilters(whereText(query.where), pageFilter));
  return {
    view: "spans",
    ...(filter && { filter }),
    ...(group.time && stepSeconds ? stepOf(group.time, stepSeconds) : time),
    ...orderOf(measure),
  };
}

const valuesOf = (groups: readonly Group[], name: string) => [...new Set(groups.map((group) => group[name] ?? ""))];

function stepOf(start: string, seconds: number): TimeRange {
  const from = new Date(start);
  return { from: from.toISOString(), to: new Date(from.getTime() + seconds * 1000).toISOString() };
}

function orderOf(measure: string) {
  if (FIRST_TOKEN.test(measure)) return { order: "timeToFirstTokenMs" };
  const order = ORDERS[measure.startsWith("latency") ? "ms" : measure === "costUsd" ? "usd" : ""];
  return order ? { order } : {};
}

/** A filter that names fields one by one, as one text. */
export function whereText({ rootsOnly, ...where }: Chart["query"]["where"]): string {
  const text = parseFilter(
    Object.fromEntries(
      Object.entries(where).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : String(value)]],
      ),
    ),
  ).filter;
  return rootsOnly ? addCondition(text ?? "", "is:root") : (text ?? "");
}
