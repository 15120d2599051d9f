import type { AbTestFinding } from "@treadle/contract";
import {
  type ArmDifference,
  adjustSums,
  type CovariateAdjustment,
  fitCovariateSums,
  LEAST_UNITS,
  twoArmSequence,
  unitsUntilBelow,
} from "@treadle/metrics";
import { type ArmCounts, harmOf, keyOf, type Measure } from "../../comparisons/index.ts";
import type { Past } from "../stores/arm-data.ts";

export type Comparison = {
  readonly measure: Measure;
  readonly arm: string;
  readonly control: string;
  readonly counts: { readonly arm: ArmCounts; readonly control: ArmCounts };
  /** The arm's share of the units of the arm and the control. */
  readonly share: number;
  /** Of this comparison. */
  readonly alpha: number;
  readonly tunedFor: number;
  readonly past: Past | undefined;
};

/** What a metric shows of the control: its mean. */
export const describeControl = ({ metric, margin }: Measure, counts: ArmCounts): AbTestFinding => ({
  ...describe({ metric, margin }, counts),
  harm: null,
  lowerBound: null,
  upperBound: null,
  explained: null,
  verdict: null,
  isNotWorse: false,
  moreUnits: null,
});

/** What a metric shows of an arm, against the control. */
export function compareArm(comparison: Comparison): AbTestFinding {
  const { measure, counts, alpha, tunedFor } = comparison;
  const { found, explained } = adjustedHarm(comparison);
  const peek = found && twoArmSequence(found, { alpha, tunedFor });
  const [lowerBound, upperBound] = peek?.interval ?? [null, null];
  const bounds = { lowerBound, upperBound };
  const verdict = verdictOf(bounds, measure.margin);
  return {
    ...describe(measure, counts.arm),
    harm: found?.difference ?? null,
    ...bounds,
    explained,
    verdict,
    isNotWorse: upperBound !== null && upperBound < measure.margin,
    moreUnits: verdict === "collecting" || verdict === "inconclusive" ? moreUnits(found, comparison) : 0,
  };
}

const describe = ({ metric, margin }: Pick<Measure, "metric" | "margin">, { units, sum, missing }: ArmCounts) => ({
  key: keyOf(metric),
  metric,
  margin,
  units,
  missing,
  value: units === 0 ? null : sum / units,
});

function adjustedHarm({ measure, arm, control, counts, past }: Comparison) {
  const fit = past ? fitCovariateSums(past.fitted) : null;
  const adjusted = (variant: string, one: ArmCounts) => (past && fit ? adjust(one, past.sums.get(variant), fit) : one);
  const found = harmOf(measure, {
    candidate: adjusted(arm, counts.arm),
    control: adjusted(control, counts.control),
  });
  return { found, explained: found && fit ? fit.explained : null };
}

type UnitSums = ReturnType<Past["sums"]["get"]>;
const adjust = (counts: ArmCounts, sums: UnitSums, fit: CovariateAdjustment): ArmCounts =>
  sums ? adjustSums(counts, sums, fit) : counts;

type Bounds = Pick<AbTestFinding, "lowerBound" | "upperBound">;

/** An interval within the margin is a separate result, even if it leaves out 0: the user calls such a difference small. */
function verdictOf({ lowerBound, upperBound }: Bounds, margin: number): NonNullable<AbTestFinding["verdict"]> {
  if (lowerBound === null || upperBound === null) return "collecting";
  if (lowerBound > -margin && upperBound < margin) return "equivalent";
  if (lowerBound > 0) return "worse";
  return upperBound < 0 ? "better" : "inconclusive";
}

/** Until the interval leaves out 0, or lies within the margin, whichever comes first. */
function moreUnits(found: ArmDifference | null, { measure, counts, share, alpha, tunedFor }: Comparison) {
  const { arm, control } = counts;
  const units = found
    ? untilNarrow(found, measure.margin, { alpha, tunedFor })
    : Math.max(0, (LEAST_UNITS - arm.units) / share, (LEAST_UNITS - control.units) / (1 - share));
  if (units === null) return null;
  const withValue = arm.units + control.units;
  // Not each unit has a value, such as a score.
  const rate = withValue / Math.max(1, withValue + arm.missing + control.missing);
  return Math.ceil(units / (rate > 0 ? rate : 1));
}

function untilNarrow(found: ArmDifference, margin: number, options: { alpha: number; tunedFor: number }) {
  const size = Math.abs(found.difference);
  const room = Math.max(size, margin - size);
  return unitsUntilBelow({ ...found, difference: 0 }, room, { ...options, alpha: options.alpha / 2 });
}
