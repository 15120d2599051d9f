import { type Arm, type ArmDifference, armDifference, LEAST_UNITS, relativeArmDifference } from "@treadle/metrics";
import type { ArmCounts, Arms } from "./counts.ts";
import { isRate, type Measure } from "./measure.ts";

/** The difference of the arms, turned so that above 0 is worse. null while an arm has too few units. */
export function harmOf({ metric, direction, margin }: Measure, counts: Arms<ArmCounts>): ArmDifference | null {
  if (Math.min(counts.candidate.units, counts.control.units) < LEAST_UNITS) return null;
  const mean = counts.control.sum / counts.control.units;
  if (isRate(metric)) return differenceOf(counts, { low: 0, high: 1, isPooled: true });
  // A control that costs nothing has no relative difference: the margin is then one of dollars.
  const isRelative = metric.kind === "cost" && mean > 0;
  const step = isRelative ? margin * mean : margin;
  const middle = (counts.candidate.sum + counts.control.sum) / (counts.candidate.units + counts.control.units);
  const scale = { low: middle - step, high: middle + step, isPooled: false };
  if (isRelative) return differenceOf(counts, scale, relativeArmDifference);
  const found = differenceOf(counts, scale);
  return found && direction === "higher" ? { ...found, difference: -found.difference } : found;
}

type Scale = { readonly low: number; readonly high: number; readonly isPooled: boolean };

/**
 * With the variance of both arms together and two units more, one at each end of the scale. An arm whose event is rare has
 * no variance at first, which would make the interval far too narrow. Means use the arm's own variance if it is larger.
 */
function differenceOf(
  { candidate, control }: Arms<ArmCounts>,
  { low, high, isPooled }: Scale,
  compare: (control: Arm, treatment: Arm) => ArmDifference | null = armDifference,
): ArmDifference | null {
  const n = candidate.units + control.units + 2;
  const sum = candidate.sum + control.sum + low + high;
  const squares = candidate.squares + control.squares + low * low + high * high;
  const pooled = Math.max(0, squares / n - (sum / n) ** 2);
  const armOf = (arm: ArmCounts): Arm => {
    const mean = arm.sum / arm.units;
    const own = isPooled ? 0 : Math.max(0, (arm.squares - arm.sum * mean) / (arm.units - 1));
    return { n: arm.units, mean, variance: Math.max(pooled, own) };
  };
  return compare(armOf(control), armOf(candidate));
}
