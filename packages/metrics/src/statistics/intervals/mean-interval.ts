import { studentTQuantile } from "../../distributions/student-t.ts";
import { checkAlpha, checkFinite, checkSameLength } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { mean, variance } from "../shared/moments.ts";

export type Estimate = {
  readonly mean: number;
  readonly standardError: number;
  /** Independent groups; as many as values without clusters. */
  readonly groups: number;
  /** Student's t with groups − 1 degrees of freedom. */
  readonly interval: Interval;
};

/** A mean with its interval. null for fewer than two values, for then nothing is known of their spread. */
export function estimateMean(values: ArrayLike<number>, alpha = 0.05): Estimate | null {
  checkFinite("values", values);
  const centre = mean(values);
  const spread = variance(values);
  if (centre === null || spread === null) return null;
  return around({ mean: centre, standardError: Math.sqrt(spread / values.length), groups: values.length }, alpha);
}

/**
 * The same for values that are similar within a cluster, such as questions about one document. It uses the error of the
 * clusters' sums, with the correction G / (G − 1). null for fewer than two clusters.
 */
export function estimateClusteredMean(
  values: ArrayLike<number>,
  clusters: readonly (string | number)[],
  alpha = 0.05,
): Estimate | null {
  checkFinite("values", values);
  checkSameLength(values, clusters);
  const centre = mean(values);
  const { sums, sizes } = sumByCluster(values, clusters);
  if (centre === null || sums.length < 2) return null;
  let total = 0;
  for (let group = 0; group < sums.length; group += 1)
    total += ((sums[group] ?? 0) - (sizes[group] ?? 0) * centre) ** 2;
  const standardError = Math.sqrt((total * sums.length) / (sums.length - 1)) / values.length;
  return around({ mean: centre, standardError, groups: sums.length }, alpha);
}

/** Sums and sizes of the clusters, in the order in which each is first met. */
export function sumByCluster(values: ArrayLike<number>, clusters: readonly (string | number)[]) {
  const places = new Map<string | number, number>();
  for (const cluster of clusters) if (!places.has(cluster)) places.set(cluster, places.size);
  const sums = new Float64Array(places.size);
  const sizes = new Float64Array(places.size);
  for (const [item, cluster] of clusters.entries()) {
    const place = places.get(cluster) ?? 0;
    sums[place] = (sums[place] ?? 0) + (values[item] ?? 0);
    sizes[place] = (sizes[place] ?? 0) + 1;
  }
  return { sums, sizes };
}

function around(estimate: Omit<Estimate, "interval">, alpha: number): Estimate {
  checkAlpha(alpha);
  const half = studentTQuantile(1 - alpha / 2, estimate.groups - 1) * estimate.standardError;
  return { ...estimate, interval: [estimate.mean - half, estimate.mean + half] };
}
