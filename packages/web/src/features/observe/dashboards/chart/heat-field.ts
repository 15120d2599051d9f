import { readTime } from "../../../../components/chart/chart-data.ts";
import type { HeatCell } from "../../../../components/chart/heat-map.tsx";
import type { Metrics } from "./chart-lines.ts";
import { valueLabel } from "./measures.ts";

type Group = Readonly<Record<string, string>>;

/** Dimensions with a natural order; the last of them increases upwards, like an axis. */
const ORDERED = ["time", "hourOfDay", "dayOfWeek", "latencyBand"];
const EVERY: Readonly<Record<string, readonly string[]>> = {
  hourOfDay: Array.from({ length: 24 }, (_, hour) => String(hour)),
  dayOfWeek: ["1", "2", "3", "4", "5", "6", "7"],
};

/** An answer by two dimensions as a field: time lies across, bands of latency stand upright. */
export function heatOf({ columns, rows, intervalSeconds }: Metrics) {
  const names = columns.filter(({ role }) => role === "dimension").map(({ name }) => name);
  const [across = "", upright = ""] = names[1] === "time" || names[1] === "hourOfDay" ? names.toReversed() : names;
  const [measure = ""] = columns.filter(({ role }) => role === "measure").map(({ name }) => name);
  const xs = valuesOf(across, rows);
  const ys = upright === "latencyBand" ? valuesOf(upright, rows).toReversed() : valuesOf(upright, rows);
  const cells = new Map<string, HeatCell>();
  for (const [y, yValue] of ys.entries())
    for (const [x, xValue] of xs.entries()) cells.set(JSON.stringify([xValue, yValue]), { x, y, value: null });
  for (const { group, values } of rows) {
    const key = JSON.stringify([group[across] ?? "", group[upright] ?? ""]);
    const cell = cells.get(key);
    if (cell) cells.set(key, { ...cell, value: values[measure] ?? null });
  }
  return {
    dimensions: [across, upright],
    columns: xs.map((value) => labelOf(across, value, intervalSeconds)),
    rows: ys.map((value) => labelOf(upright, value, intervalSeconds)),
    cells: [...cells.values()],
    /** The start of a step that lies across; undefined where no time does. */
    timeAt: (x: number) => (across === "time" ? xs[x] : undefined),
    groupAt: (x: number, y: number): Group => ({ [across]: xs[x] ?? "", [upright]: ys[y] ?? "" }),
  };
}

const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Steps shorter than a minute would all be called the same without their seconds. */
function labelOf(dimension: string, value: string, intervalSeconds: number | null): string {
  if (dimension !== "time") return valueLabel(dimension, value);
  return (intervalSeconds ?? 60) < 60 ? seconds.format(Date.parse(value)) : readTime(value);
}

/**
 * Every value along a side: all hours and days there are, other ordered ones sorted, the rest by how much they have.
 */
function valuesOf(dimension: string, rows: Metrics["rows"]): readonly string[] {
  const found = [...new Set(rows.filter(({ isOther }) => !isOther).map(({ group }) => group[dimension] ?? ""))];
  const every = EVERY[dimension];
  if (every) return every;
  if (dimension === "time") return found.toSorted();
  return ORDERED.includes(dimension) ? found.toSorted((a, b) => Number(a) - Number(b)) : found;
}
