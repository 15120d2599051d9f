import { createRandom } from "../../random.ts";

type Draws = { readonly resamples: number; readonly seed: number };

/**
 * Draws groups with replacement and divides their sums by their sizes, `resamples` times. The one loop that has to be fast: 50 million
 * draws for 10,000 resamples of 5,000 items.
 */
export function resampleRatios(
  { sums, sizes }: { readonly sums: Float64Array; readonly sizes: Float64Array },
  { resamples, seed }: Draws,
): Float64Array {
  const random = createRandom(seed);
  const draws = new Uint32Array(sums.length);
  const result = new Float64Array(resamples);
  const isEven = sizes.every((size) => size === sizes[0]);
  for (let trial = 0; trial < resamples; trial += 1) {
    random.fill(draws);
    const total = drawSum(sums, draws);
    result[trial] = total / (isEven ? sums.length * (sizes[0] ?? 1) : drawSum(sizes, draws));
  }
  return result;
}

/** Draws rows with replacement and scores their sum, `resamples` times; without those in which the metric does not exist. */
export function resampleRows(
  rows: readonly (readonly number[])[],
  { width, score, resamples, seed }: Draws & { width: number; score: (sum: readonly number[]) => number | null },
): Float64Array {
  const cells = Float64Array.from(rows.flat());
  const random = createRandom(seed);
  const draws = new Uint32Array(rows.length);
  const times = new Uint32Array(rows.length);
  const result = new Float64Array(resamples);
  let known = 0;
  for (let trial = 0; trial < resamples; trial += 1) {
    random.fill(draws);
    countDraws(draws, times);
    const value = score(sumDrawn(cells, times, width));
    if (value !== null) {
      result[known] = value;
      known += 1;
    }
  }
  return result.slice(0, known);
}

/** Sums what the draws point at: 32 random bits each, scaled to a place. */
function drawSum(values: Float64Array, draws: Uint32Array): number {
  const scale = values.length / 4_294_967_296;
  let total = 0;
  for (let place = 0; place < draws.length; place += 1) total += values[((draws[place] ?? 0) * scale) >>> 0] ?? 0;
  return total;
}

/** How often each row was drawn: a third of them never is, and none has to be read twice. */
function countDraws(draws: Uint32Array, times: Uint32Array): void {
  const scale = times.length / 4_294_967_296;
  times.fill(0);
  for (let place = 0; place < draws.length; place += 1) {
    const drawn = ((draws[place] ?? 0) * scale) >>> 0;
    times[drawn] = (times[drawn] ?? 0) + 1;
  }
}

function sumDrawn(cells: Float64Array, times: Uint32Array, width: number): number[] {
  const total = new Float64Array(width);
  for (let row = 0; row < times.length; row += 1) {
    const count = times[row] ?? 0;
    if (count === 0) continue;
    const start = row * width;
    for (let column = 0; column < width; column += 1) {
      total[column] = (total[column] ?? 0) + count * (cells[start + column] ?? 0);
    }
  }
  return [...total];
}
