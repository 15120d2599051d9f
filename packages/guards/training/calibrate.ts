import type { Calibration } from "../src/injection/model.ts";
import type { Raw } from "../src/injection/score.ts";

/** A raw score, the number of windows it was the highest of, what the text is, and how much it counts. */
export type Point = {
  readonly raw: number;
  readonly windows: number;
  readonly isAttack: boolean;
  readonly weight: number;
};

const STEPS = 100;
const RIDGE = 1e-3;

/** Platt's logistic fit by Newton steps; `perLogWindow` is fitted too if points have different numbers of windows. */
export function calibrate(points: readonly Point[]): Calibration {
  let beta = [0, 0, 0];
  let loss = lossAt(points, beta);
  for (let step = 0; step < STEPS; step += 1) {
    const { gradient, curvature } = slopesAt(points, beta);
    const change = solve(curvature, gradient);
    // A whole step can go too far where the curve is flat.
    const sizes = [1, 0.5, 0.25, 0.1, 0.03, 0.01];
    const next = sizes
      .map((size) => beta.map((value, place) => value - size * (change[place] ?? 0)))
      .find((candidate) => lossAt(points, candidate) < loss);
    if (next === undefined) break;
    [beta, loss] = [next, lossAt(points, next)];
  }
  const [slope = 0, offset = 0, perLogWindow = 0] = beta;
  return { slope, offset, perLogWindow };
}

const inputsOf = ({ raw, windows }: Point) => [raw, 1, Math.log(windows)];
const logitOf = (point: Point, beta: readonly number[]) =>
  inputsOf(point).reduce((sum, input, place) => sum + input * (beta[place] ?? 0), 0);

function lossAt(points: readonly Point[], beta: readonly number[]): number {
  const ridge = (RIDGE / 2) * beta.reduce((sum, value, place) => sum + (place === 1 ? 0 : value * value), 0);
  return points.reduce((sum, point) => {
    const signed = logitOf(point, beta) * (point.isAttack ? -1 : 1);
    return sum + point.weight * (Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed))));
  }, ridge);
}

function slopesAt(points: readonly Point[], beta: readonly number[]) {
  const gradient: number[] = beta.map((value, place) => (place === 1 ? 0 : RIDGE * value));
  const curvature: number[][] = beta.map((_, row) => beta.map((_, column) => (row === column ? RIDGE : 0)));
  for (const point of points) {
    const inputs = inputsOf(point);
    const share = 1 / (1 + Math.exp(-logitOf(point, beta)));
    const [error, spread] = [point.weight * (share - (point.isAttack ? 1 : 0)), point.weight * share * (1 - share)];
    inputs.forEach((input, row) => {
      gradient[row] = (gradient[row] ?? 0) + error * input;
      const own = curvature[row] ?? [];
      inputs.forEach((other, column) => {
        own[column] = (own[column] ?? 0) + spread * input * other;
      });
    });
  }
  return { gradient, curvature };
}

/** Solves three equations by elimination; the ridge keeps the pivots above zero. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, place) => [...row, right[place] ?? 0]);
  for (const [at, pivot] of rows.entries())
    for (const [place, row] of rows.entries()) {
      if (place === at) continue;
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column < row.length; column += 1)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  return rows.map((row, place) => (row[3] ?? 0) / (row[place] ?? 1));
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
  return points.map(({ raw, windows, isAttack, source }) => ({
    raw,
    windows,
    isAttack,
    weight: total / sources[`${isAttack}`].size / (sizes.get(source) ?? 1),
  }));
}

/** The part of raw scores that the calibration of prompts or of windows is fitted on. */
export const promptPoint = ({ whole }: Raw) => ({ raw: whole, windows: 1 });
export const windowPoint = ({ highest, windows }: Raw) => (highest === null ? null : { raw: highest, windows });
