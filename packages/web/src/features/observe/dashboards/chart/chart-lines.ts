import type { Answer } from "../../../../api.ts";
import type { Series } from "../../../../components/chart/time-chart.tsx";
import { unitLook } from "../../../../components/text/unit.ts";
import { drawnMeasures, MOST_SERIES } from "./chart-question.ts";
import { measureLabel, unitOf, valueLabel } from "./measures.ts";

export type Metrics = Answer<"POST /api/v1/span-metrics">;
export type MetricsRow = Metrics["rows"][number];
type Group = Readonly<Record<string, string>>;

type Of = { readonly group: Group; readonly isOther: boolean };

/** One line: of which group, of which measure. */
export type Line = Series & Of & { readonly measure: string };
export type Lines = {
  readonly times: readonly number[];
  readonly bucketSeconds: number;
  readonly series: readonly Line[];
};

const COLORS = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];
const REST = "--series-6";

const keyOf = ({ group, isOther }: Of) => JSON.stringify([group, isOther]);

/** The group of a row without its time. */
const groupOf = ({ group: { time: _, ...group }, isOther }: MetricsRow): Of => ({ group, isOther });

/** The name of a group: its values, or that it is all others. */
export function groupLabel(group: Group, isOther: boolean): string {
  if (isOther) return "other";
  return Object.entries(group)
    .map(([dimension, value]) => valueLabel(dimension, value))
    .join(" · ");
}

/** The rows of a response over time as lines, each with its values in the previous period. */
export function linesOf({ rows, previousRows, intervalSeconds }: Metrics, kind: "line" | "bar"): Lines {
  const measures = drawnMeasures(measuresIn(rows), unitOf);
  const isSum = measures[0] !== undefined && unitLook(unitOf(measures[0])).isSum;
  const groups = groupRows(rows);
  const drawn = kind === "bar" && (isSum || groups.size * measures.length === 1) ? "bars" : "line";
  const before = groupRows(hasBefore(previousRows) ? previousRows : []);
  const lines = [...groups.values()]
    .flatMap((of) => measures.map((measure) => lineOf(of, { measure, isAlone: measures.length === 1 })))
    .slice(0, MOST_SERIES)
    .map((line, place): Line => {
      const earlier = before.get(keyOf(line));
      return {
        ...line,
        kind: drawn,
        color: line.isOther ? REST : (COLORS[place] ?? REST),
        ...(earlier && { before: valuesOf(earlier.rows, line.measure) }),
      };
    });
  const [first] = groups.values();
  return {
    times: (first?.rows ?? []).map(({ group }) => Date.parse(group.time ?? "") / 1000),
    bucketSeconds: intervalSeconds ?? 60,
    series: drawn === "bars" ? stack(lines) : lines,
  };
}

/** Lines along the bottom would only be in the way where nothing was recorded before. */
export const hasBefore = (rows: Metrics["previousRows"]): rows is MetricsRow[] => rows?.some(({ n }) => n > 0) ?? false;

const measuresIn = (rows: readonly MetricsRow[]) => Object.keys(rows[0]?.values ?? {});
const valuesOf = (rows: readonly MetricsRow[], measure: string) => rows.map(({ values }) => values[measure] ?? null);

type GroupRows = Of & { rows: MetricsRow[] };

function groupRows(rows: readonly MetricsRow[]): ReadonlyMap<string, GroupRows> {
  const groups = new Map<string, GroupRows>();
  for (const row of rows) {
    const of = groupOf(row);
    const key = keyOf(of);
    const known = groups.get(key) ?? { ...of, rows: [] };
    known.rows.push(row);
    groups.set(key, known);
  }
  return groups;
}

function lineOf({ group, isOther, rows }: GroupRows, { measure, isAlone }: { measure: string; isAlone: boolean }) {
  const look = unitLook(unitOf(measure));
  const values = valuesOf(rows, measure);
  const name = groupLabel(group, isOther);
  const total = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return {
    group,
    isOther,
    measure,
    values,
    label: name === "" ? measureLabel(measure) : isAlone ? name : `${name}, ${measureLabel(measure)}`,
    ...(look.isSum &&
      measure !== "users" &&
      measure !== "sessions" &&
      measure !== "traces" && {
        summary: look.formatTick(total),
      }),
  };
}

/**
 * Bars on one another: the first is drawn to the sum of all and then covered from below by the others. Before there was
 * one sum.
 */
function stack(lines: readonly Line[]): Line[] {
  const sumAt = (row: number, of: readonly (readonly (number | null)[])[]) =>
    of.reduce<number>((sum, values) => sum + (values[row] ?? 0), 0);
  const earlier = lines.flatMap(({ before }) => (before ? [before] : []));
  return lines.map((line, place) => ({
    ...line,
    drawn: line.values.map((_, row) =>
      sumAt(
        row,
        lines.slice(place).map(({ values }) => values),
      ),
    ),
    ...(earlier.length > 0 && {
      before: line.before ?? line.values.map(() => 0),
      drawnBefore: place === 0 ? line.values.map((_, row) => sumAt(row, earlier)) : null,
    }),
  }));
}
