import { normalCdf } from "../distributions/normal.ts";
import { studentTQuantile } from "../distributions/student-t.ts";
import { type Bootstrapped, bootstrapInterval } from "./bootstrap.ts";
import type { Interval } from "./comparison.ts";

/** From so many groups on the bootstrap covers what it promises; below, Student's t. */
const LEAST_GROUPS = 20;

/**
 * The interval that comparisons give: BCa, widened as Hesterberg (2015) has it, for the plain bootstrap knows neither that the spread was
 * estimated nor that n − 1 were free, and would claim a little too much. Student's t for few groups.
 */
export function comparisonInterval(drawn: Bootstrapped, alpha: number): Interval | null {
  const { groups } = drawn;
  if (groups < LEAST_GROUPS) return bootstrapInterval(drawn, { alpha, method: "t" });
  const widened = studentTQuantile(alpha / 2, groups - 1) * Math.sqrt(groups / (groups - 1));
  return bootstrapInterval(drawn, { alpha: 2 * normalCdf(widened), method: "bca" });
}
