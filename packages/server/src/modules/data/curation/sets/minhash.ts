import { mix } from "@treadle/metrics";

/** A text is drawn once for each of `bands` × `rowsPerBand` orders of all pieces; texts that agree in a whole band are compared. */
export type BandParams = { readonly bands: number; readonly rowsPerBand: number; readonly seed: number };

/**
 * Makes the keys of texts (MinHash with banding, Broder 1997; Leskovec et al., Mining of Massive Datasets, 3.4). Two texts whose sets of
 * pieces have the Jaccard similarity s share at least one key with the probability 1 − (1 − s^rowsPerBand)^bands.
 */
export function createSigner({ bands, rowsPerBand, seed }: BandParams) {
  const orders = bands * rowsPerBand;
  const [before, times] = [new Int32Array(orders), new Int32Array(orders)];
  for (let order = 0; order < orders; order++) {
    before[order] = mix(seed + Math.imul(2 * order + 1, 0x9e3779b1));
    times[order] = mix(seed ^ Math.imul(2 * order + 2, 0x85ebca6b)) | 1;
  }
  const least = new Int32Array(orders);
  return {
    /** Writes the key (32 bits) of each band of a set of pieces to `keys` from `offset` on. */
    sign(shingles: Uint32Array, keys: Uint32Array, offset = 0): void {
      least.fill(0x7fffffff);
      for (const shingle of shingles) {
        for (let order = 0; order < orders; order++) {
          let drawn = Math.imul(shingle ^ (before[order] ?? 0), times[order] ?? 0);
          drawn = Math.imul(drawn ^ (drawn >>> 15), 0x85ebca6b);
          drawn ^= drawn >>> 13;
          if (drawn < (least[order] ?? 0)) least[order] = drawn;
        }
      }
      for (let band = 0; band < bands; band++) {
        let key = band;
        const end = (band + 1) * rowsPerBand;
        for (let order = band * rowsPerBand; order < end; order++) key = mix(Math.imul(key, 31) + (least[order] ?? 0));
        keys[offset + band] = key;
      }
    },
  };
}

/** How likely two texts of a similarity are compared at all. */
export const detectionProbability = (similarity: number, { bands, rowsPerBand }: Omit<BandParams, "seed">): number =>
  1 - (1 - similarity ** rowsPerBand) ** bands;

type Weights = { readonly wrongly: number; readonly missed: number };

/**
 * The bands that minimize the comparisons below a threshold and the misses above it: the weighted areas under and over
 * the detection curve are smallest. This is datasketch's `_optimal_param`, integrated by the midpoint rule in steps of
 * 0.001.
 */
export function chooseBands(threshold: number, orders: number, weights: Weights = { wrongly: 0.5, missed: 0.5 }) {
  let best = { bands: 1, rowsPerBand: 1, error: Number.POSITIVE_INFINITY };
  for (let bands = 1; bands <= orders; bands++) {
    for (let rowsPerBand = 1; rowsPerBand <= Math.floor(orders / bands); rowsPerBand++) {
      const error = areas(threshold, { bands, rowsPerBand }, weights);
      if (error < best.error) best = { bands, rowsPerBand, error };
    }
  }
  return { bands: best.bands, rowsPerBand: best.rowsPerBand };
}

const STEPS = 1_000;

function areas(threshold: number, shape: Omit<BandParams, "seed">, { wrongly, missed }: Weights): number {
  let error = 0;
  for (let step = 0; step < STEPS; step++) {
    const similarity = (step + 0.5) / STEPS;
    const detected = detectionProbability(similarity, shape);
    error += similarity < threshold ? wrongly * detected : missed * (1 - detected);
  }
  return error / STEPS;
}
