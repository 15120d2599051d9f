import type { Chart } from "@treadle/contract";
import { joinFilters } from "./chart-question.ts";
import { whereText } from "./open-list.ts";

/** The address of the form of a monitor that watches the first measure of a chart, by its first group. */
export function monitorSearch({ query }: Pick<Chart, "query">, pageFilter: string) {
  const [measure] = query.measures;
  const group = query.dimensions.find((name) => name !== "time");
  const filter = joinFilters(whereText(query.where), pageFilter);
  return { ...(measure && { measure }), ...(group && { group }), ...(filter && { filter }) };
}
