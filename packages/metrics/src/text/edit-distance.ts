import { codePoints } from "./code-points.ts";

/** The fewest insertions, deletions and substitutions of code points that turn one text into the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  return from === to ? 0 : distance(codePoints(from), codePoints(to));
}

/**
 * 1 − distance / the longer length in code points. It is 1 for equal texts, also for two empty texts, and 0 for
 * entirely different texts.
 */
export function editSimilarity(from: string, to: string): number {
  if (from === to) return 1;
  const [a, b] = [codePoints(from), codePoints(to)];
  return 1 - distance(a, b) / Math.max(a.length, b.length);
}

/** What both begin and end with costs nothing and is set aside. */
function distance(a: Uint32Array, b: Uint32Array): number {
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) start += 1;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [restA, restB] = [a.subarray(start, endA), b.subarray(start, endB)];
  if (restA.length === 0 || restB.length === 0) return Math.max(restA.length, restB.length);
  return restA.length < restB.length ? bitParallel(restA, restB) : bitParallel(restB, restA);
}

const WORD = 32;

/**
 * Hyyrö's form of Myers' algorithm. It computes the table in strips of 32 rows, with one bit per row, so n × m cells
 * cost n × m / 32 steps. For each column, `across` contains the difference (+1, 0 or −1) of the row above the strip
 * from the previous column.
 */
function bitParallel(rows: Uint32Array, columns: Uint32Array): number {
  const across = new Int8Array(columns.length).fill(1);
  for (let start = 0; start < rows.length; start += WORD) {
    const strip = rows.subarray(start, start + WORD);
    const places = new Map<number, number>();
    for (const [bit, point] of strip.entries()) places.set(point, (places.get(point) ?? 0) | (1 << bit));
    crossStrip(columns, across, { places, last: strip.length - 1 });
  }
  let total = rows.length;
  for (const rise of across) total += rise;
  return total;
}

/** Takes `across` from the row above a strip to the strip's last row. */
function crossStrip(
  columns: Uint32Array,
  across: Int8Array,
  { places, last }: { places: ReadonlyMap<number, number>; last: number },
) {
  let [rises, falls] = [-1, 0];
  for (let column = 0; column < columns.length; column += 1) {
    const equal = places.get(columns[column] ?? 0) ?? 0;
    const above = across[column] ?? 0;
    const [up, down] = [above > 0 ? 1 : 0, above < 0 ? 1 : 0];
    const vertical = equal | falls;
    const diagonal = ((((equal | down) & rises) + rises) ^ rises) | equal | down;
    let right = falls | ~(diagonal | rises);
    let left = rises & diagonal;
    across[column] = ((right >>> last) & 1) - ((left >>> last) & 1);
    right = (right << 1) | up;
    left = (left << 1) | down;
    rises = left | ~(vertical | right);
    falls = right & vertical;
  }
}
