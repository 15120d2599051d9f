import { cosineTo, nearestCentres, type Vectors, vectorAt } from "@treadle/metrics";

export type KnownTopic = { readonly center: Float32Array; readonly radius: number };

const FEWEST_TEXTS = 10;
const MOST_GROUPS = 10;
/** Each distant text is compared with each other one. */
const MOST_DISTANT = 3_000;

/**
 * Groups of texts that are far from all known topics: each text is farther from its nearest center than almost all of that topic's
 * texts, and at least ten lie within one another's radius. Gives the center of each group.
 */
export function findDistantGroups(
  vectors: Vectors,
  rows: readonly number[],
  known: readonly KnownTopic[],
): Float32Array[] {
  if (known.length === 0) return [];
  const centers = known.map(({ center }) => center);
  // Two texts of a topic are about twice as far from each other as from its center.
  const near = 2 * Math.min(...known.map(({ radius }) => radius));
  const distant = rows
    .filter((row) => {
      const [nearest] = nearestCentres(vectors, row, centers);
      return nearest !== undefined && 1 - nearest.cosine > (known[nearest.centre]?.radius ?? 0);
    })
    .slice(0, MOST_DISTANT);
  const groups: Float32Array[] = [];
  let left = distant;
  while (left.length >= FEWEST_TEXTS && groups.length < MOST_GROUPS) {
    const group = densest(vectors, left, near);
    if (group.length < FEWEST_TEXTS) break;
    groups.push(meanOf(vectors, group));
    const taken = new Set(group);
    left = left.filter((row) => !taken.has(row));
  }
  return groups;
}

/** The rows around the row with the most others within a radius. */
function densest(vectors: Vectors, rows: readonly number[], radius: number): readonly number[] {
  let best: readonly number[] = [];
  for (const row of rows) {
    const center = vectorAt(vectors, row);
    const around = rows.filter((other) => 1 - cosineTo(vectors, other, center) <= radius);
    if (around.length > best.length) best = around;
  }
  return best;
}

function meanOf(vectors: Vectors, rows: readonly number[]): Float32Array {
  const sum = new Float32Array(vectors.size);
  for (const row of rows) for (const [at, value] of vectorAt(vectors, row).entries()) sum[at] = (sum[at] ?? 0) + value;
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
