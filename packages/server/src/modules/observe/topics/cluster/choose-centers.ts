import { drawRows, findCentres, nearestCentres, type Vectors } from "@treadle/metrics";
import { mergeCenters, type Part } from "./merge-centers.ts";

/** How many groups are wanted. */
export type Wanted = { readonly fewest: number; readonly most: number };

const ROWS_PER_PART = 12;
const FEWEST_PARTS = 12;
const MOST_PARTS = 72;
/** Small parts for each wanted group, so that groups of unequal sizes can form. */
const PARTS_PER_GROUP = 2;
/** Rows that decide on the number of groups. */
const MOST_JUDGED = 1_500;

/**
 * Centers of groups. The number is chosen by the vectors: many small parts are merged step by step (Ward 1963), and the step at
 * which rows are nearest to their own center compared with the next one is used (simplified silhouette, Rousseeuw 1987).
 */
export function chooseCenters(vectors: Vectors, { fewest, most }: Wanted): Float32Array[] {
  const byRows = Math.max(FEWEST_PARTS, Math.round(vectors.count / ROWS_PER_PART));
  const parts = partsOf(vectors, Math.max(most * PARTS_PER_GROUP, Math.min(MOST_PARTS, byRows)));
  const judged = drawRows(vectors.count, MOST_JUDGED);
  let best: Float32Array[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (const centers of mergeCenters(parts)) {
    if (centers.length > most) continue;
    if (centers.length < fewest && best.length > 0) break;
    const score = silhouette(vectors, judged, centers);
    if (score > highest) [best, highest] = [centers, score];
    if (centers.length <= fewest) break;
  }
  return best;
}

/** Small groups with the sums of their vectors. */
function partsOf(vectors: Vectors, wanted: number): Part[] {
  const centers = findCentres(vectors, wanted);
  const parts = centers.map(() => ({ count: 0, sum: new Float64Array(vectors.size) }));
  for (let row = 0; row < vectors.count; row++) {
    const [nearest] = nearestCentres(vectors, row, centers);
    const part = parts[nearest?.centre ?? 0];
    if (!part) continue;
    part.count++;
    for (let at = 0; at < vectors.size; at++)
      part.sum[at] = (part.sum[at] ?? 0) + (vectors.numbers[row * vectors.size + at] ?? 0);
  }
  return parts.filter(({ count }) => count > 0);
}

/** How much nearer rows are to their own center than to the next one: 0 is no difference, 1 the most. */
function silhouette(vectors: Vectors, rows: readonly number[], centers: readonly Float32Array[]): number {
  let sum = 0;
  for (const row of rows) {
    const [own, next] = nearestCentres(vectors, row, centers);
    if (own && next && next.cosine < 1) sum += (own.cosine - next.cosine) / (1 - next.cosine);
  }
  return rows.length === 0 ? 0 : sum / rows.length;
}
