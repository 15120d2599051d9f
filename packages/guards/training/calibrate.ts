import type { Calibration } from "../src/injection/model.ts";

/** A raw score, what its text is, and how much it counts. */
export type Point = { readonly raw: number; readonly isAttack: boolean; readonly weight: number };

const STEPS = 100;
const RIDGE = 1e-3;
/** A whole Newton step can go too far where the curve is flat. */
const SIZES = [1, 0.5, 0.25, 0.1, 0.03, 0.01];

/** Platt's logistic fit, by Newton steps that lower the loss. */
export function calibrate(points: readonly Point[]): Calibration {
  let best: Calibration = { slope: 0, offset: 0 };
  let loss = lossAt(points, best);
  for (let step = 0; step < STEPS; step += 1) {
    const change = newtonStep(points, best);
    const next = SIZES.map((size) => ({
      slope: best.slope - size * change.slope,
      offset: best.offset - size * change.offset,
    })).find((candidate) => lossAt(points, candidate) < loss);
    if (next === undefined) break;
    [best, loss] = [next, lossAt(points, next)];
  }
  return best;
}

function lossAt(points: readonly Point[], { slope, offset }: Calibration): number {
  return points.reduce(
    (sum, { raw, isAttack, weight }) => {
      const signed = (slope * raw + offset) * (isAttack ? -1 : 1);
      return sum + weight * (Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed))));
    },
    (RIDGE / 2) * slope * slope,
  );
}

function newtonStep(points: readonly Point[], { slope, offset }: Calibration): Calibration {
  let [toSlope, toOffset, ofSlope, ofBoth, ofOffset] = [RIDGE * slope, 0, RIDGE, 0, RIDGE];
  for (const { raw, isAttack, weight } of points) {
    const share = 1 / (1 + Math.exp(-(slope * raw + offset)));
    const [error, spread] = [weight * (share - (isAttack ? 1 : 0)), weight * share * (1 - share)];
    toSlope += error * raw;
    toOffset += error;
    ofSlope += spread * raw * raw;
    ofBoth += spread * raw;
    ofOffset += spread;
  }
  const determinant = ofSlope * ofOffset - ofBoth * ofBoth;
  return {
    slope: (ofOffset * toSlope - ofBoth * toOffset) / determinant,
    offset: (ofSlope * toOffset - ofBoth * toSlope) / determinant,
  };
}

/** Points that count the same for each source, and in all the same for attacks and for benign texts. */
export function balance(points: readonly (Omit<Point, "weight"> & { readonly source: string })[]): readonly Point[] {
  const sizes = new Map<string, number>();
  const sources = { true: new Set<string>(), false: new Set<string>() };
  for (const { source, isAttack } of points) {
    sizes.set(source, (sizes.get(source) ?? 0) + 1);
    sources[`${isAttack}`].add(source);
  }
  const total = points.length / 2;
  return points.map(({ raw, isAttack, source }) => ({
    raw,
    isAttack,
    weight: total / sources[`${isAttack}`].size / (sizes.get(source) ?? 1),
  }));
}
