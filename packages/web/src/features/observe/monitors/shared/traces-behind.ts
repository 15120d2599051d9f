import type { MonitorSource } from "@treadle/contract";
import { listBehind } from "../../dashboards/index.ts";

type Time = { readonly from: string; readonly to: string };

/** The series of all groups beyond the limit. No filter can name these groups. */
const OTHER = "other";

/** The address of the list of the spans that a series is measured of, in a time range. */
export function tracesBehind(source: MonitorSource, series: string, time: Time) {
  if (source.kind === "sql") return { view: "spans", ...time };
  const { measure, filter, groupBy } = source;
  const group = groupBy && series !== OTHER ? { [groupBy]: series } : {};
  return listBehind({ query: { where: { filter } } }, "", { group, measure, time, stepSeconds: null });
}
