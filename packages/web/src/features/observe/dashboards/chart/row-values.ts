import { type Change, describeChange, FEW } from "../../../../components/text/change.ts";
import { unitLook } from "../../../../components/text/unit.ts";
import type { MetricsRow } from "./chart-lines.ts";
import { directionOf, isStatistic, unitOf } from "./measures.ts";

/** A part of a chart, for the list behind it. */
export type Part = {
  readonly group: Readonly<Record<string, string>>;
  readonly isOther?: boolean;
  readonly measure?: string | undefined;
  readonly time?: { readonly from: string; readonly to: string };
};

/** The change of one measure. None if there are too few values to compare. */
export function changeOf(measure: string, before: MetricsRow, now: MetricsRow): Change | null {
  if (isStatistic(measure) && Math.min(before.n, now.n) < FEW) return null;
  const better = directionOf(measure);
  return describeChange({ before: before.values[measure] ?? null, now: now.values[measure] ?? null, better });
}

/** A number of a row in its unit. */
export function write(measure: string, { values }: MetricsRow): string {
  const value = values[measure];
  if (value === null || value === undefined) return "–";
  const { format, formatTick, isCount } = unitLook(unitOf(measure));
  return isCount && Math.abs(value) >= 1e6 ? formatTick(value) : format(value);
}
