import { type ArmCounts, keyOf } from "../../../comparisons/index.ts";
import type { ArmData } from "../../stores/arm-data.ts";
import { buildReport, type View } from "../build-report.ts";

/** What the units of an arm have shown: their number, and the bad ones of each metric. */
export type Tally = { units: number; sums: number[] };

const VERDICTS = new Set(["worse", "better"]);

/** The tallies of the arms v0, v1 and so on, as a report reads them. */
export const armsOf = (view: Pick<View, "metrics">, tallies: readonly Tally[]): ReadonlyMap<string, ArmData> =>
  new Map(
    tallies.map(({ units, sums }, place): [string, ArmData] => {
      const metrics = view.metrics.map(({ metric }, index): [string, ArmCounts] => {
        const sum = sums[index] ?? 0;
        return [keyOf(metric), { units, sum, squares: sum, flagged: sum, missing: 0 }];
      });
      return [`v${place}`, { units, requests: units, metrics: new Map(metrics) }];
    }),
  );

/** Whether the product's report names an arm better or worse. */
export function hasClaim(view: View, tallies: readonly Tally[]): boolean {
  const report = buildReport(view, {
    arms: armsOf(view, tallies),
    excluded: { forced: 0, otherUnit: 0, outsideHoldout: 0 },
    divided: tallies.map(() => 0),
    now: 0,
  });
  return report.arms.some((arm) => arm.metrics.some(({ verdict }) => verdict !== null && VERDICTS.has(verdict)));
}
