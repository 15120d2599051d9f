import { studentTCdf, studentTQuantile } from "@treadle/metrics";
import type { GroupsAnswer, GroupsOrder } from "./orders.ts";

/** Welch's test of two groups with different items and different spreads. Null where one of them has no spread to speak of. */
export function compareGroups({ inside, outside, alpha }: GroupsOrder): GroupsAnswer {
  const [a, b] = [momentsOf(inside), momentsOf(outside)];
  if (a === null || b === null) return null;
  const [partA, partB] = [a.variance / inside.length, b.variance / outside.length];
  const error = Math.sqrt(partA + partB);
  if (error === 0) return null;
  const freedom = (partA + partB) ** 2 / (partA ** 2 / (inside.length - 1) + partB ** 2 / (outside.length - 1));
  const difference = a.mean - b.mean;
  const half = studentTQuantile(1 - alpha / 2, freedom) * error;
  return {
    difference,
    interval: [difference - half, difference + half],
    pValue: 2 * studentTCdf(-Math.abs(difference / error), freedom),
  };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
