import { type Arm, type ArmDifference, armDifference, LEAST_UNITS, relativeArmDifference } from "@treadle/metrics";
import type { ArmCounts, Arms } from "./counts.ts";
import { isRate, type Measure } from "./measure.ts";

/** The difference of the arms, turned so that above 0 is worse. null while an arm has too few units. */
export function harmOf({ metric, direction, margin }: Measure, counts: Arms<ArmCounts>): ArmDifference | null {
  if (Math.min(counts.candidate.units, counts.control.units) < LEAST_UNITS) return null;
  const { isRelative, ...scale } = scaleOf({ metric, margin }, [counts.candidate, counts.control], counts.control);
  if (isRelative) return differenceOf(counts, scale, relativeArmDifference);
  const found = differenceOf(counts, scale);
  return found && direction === "higher" && !isRate(metric) ? { ...found, difference: -found.difference } : found;
}

/** The arms as their means are believed, with variances that are never too small. */
export const beliefsOf = (measure: Pick<Measure, "metric" | "margin">, all: readonly ArmCounts[]): Arm[] =>
  armsOf(all, scaleOf(measure, all, addUp(all)));

type Scale = { readonly low: number; readonly high: number; readonly isPooled: boolean };

/** Where the two units lie that are added. A cost is relative to the control's mean, if that is above 0. */
function scaleOf(
  { metric, margin }: Pick<Measure, "metric" | "margin">,
  all: readonly ArmCounts[],
  control: Pick<ArmCounts, "sum" | "units">,
): Scale & { readonly isRelative: boolean } {
  if (isRate(metric)) return { low: 0, high: 1, isPooled: true, isRelative: false };
  const mean = control.sum / control.units;
  // A control that costs nothing has no relative difference: the margin is then one of dollars.
  const isRelative = metric.kind === "cost" && mean > 0;
  const step = isRelative ? margin * mean : margin;
  const { sum, units } = addUp(all);
  const middle = sum / units;
  return { low: middle - step, high: middle + step, isPooled: false, isRelative };
}

function addUp(all: readonly ArmCounts[]) {
  let [units, sum, squares] = [0, 0, 0];
  for (const arm of all) {
    units += arm.units;
    sum += arm.sum;
    squares += arm.squares;
  }
  return { units, sum, squares };
}

/**
 * With the variance of all arms together and two units more, one at each end of the scale. An arm whose event is rare has
 * no variance at first, which would make the interval far too narrow. Means use the arm's own variance if it is larger.
 */
function armsOf(all: readonly ArmCounts[], { low, high, isPooled }: Scale): Arm[] {
  const total = addUp(all);
  const n = total.units + 2;
  const sum = total.sum + low + high;
  const squares = total.squares + low * low + high * high;
  const pooled = Math.max(0, squares / n - (sum / n) ** 2);
  return all.map((arm) => {
    const mean = arm.sum / arm.units;
    const own = isPooled ? 0 : Math.max(0, (arm.squares - arm.sum * mean) / (arm.units - 1));
    return { n: arm.units, mean, variance: Math.max(pooled, own) };
  });
}

function differenceOf(
  { candidate, control }: Arms<ArmCounts>,
  scale: Scale,
  compare: (control: Arm, treatment: Arm) => ArmDifference | null = armDifference,
): ArmDifference | null {
  const [treatment, base] = armsOf([candidate, control], scale);
  return treatment && base ? compare(base, treatment) : null;
}
