import { mix } from "@treadle/metrics";
import type { NearestRows } from "./nearest-rows.ts";

type Places = { readonly x: Float32Array; readonly y: Float32Array };
type Edges = { readonly from: Int32Array; readonly to: Int32Array; readonly weights: Float32Array };

/** How steeply rows draw each other together and push each other apart, as UMAP fits it for a smallest distance of 0.1. */
const CURVE = { a: 1.577, b: 0.8951 };
const PUSHES = 5;
const MOST_STEP = 4;
const WIDTH = 10;
const epochsOf = (count: number) => (count > 10_000 ? 200 : 400);

/**
 * Places rows so that near rows stay near (after UMAP, McInnes et al. 2018). Neighbors are connected by weights and
 * moved along them. Some other rows, selected deterministically, push each row away. Starts from `places`, and changes
 * them.
 */
export function layOut(nearest: NearestRows, places: Places): void {
  const count = places.x.length;
  if (count < 3) return;
  spreadOut(places);
  const edges = joinNeighbours(nearest, count);
  const most = edges.weights.reduce((largest, weight) => Math.max(largest, weight), 0);
  const epochs = epochsOf(count);
  let draw = 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs;
    for (let edge = 0; edge < edges.from.length; edge++) {
      // An edge of half the weight is taken in every second epoch.
      const share = (edges.weights[edge] ?? 0) / most;
      if (Math.floor((epoch + 1) * share) === Math.floor(epoch * share)) continue;
      const row = edges.from[edge] ?? 0;
      pull(places, { row, other: edges.to[edge] ?? 0, rate });
      for (let push = 0; push < PUSHES; push++) pushAway(places, { row, other: (mix(draw++) >>> 0) % count, rate });
    }
  }
}

type Move = { readonly row: number; readonly other: number; readonly rate: number };

function pull({ x, y }: Places, { row, other, rate }: Move): void {
  const [apartX, apartY] = [(x[row] ?? 0) - (x[other] ?? 0), (y[row] ?? 0) - (y[other] ?? 0)];
  const squared = apartX * apartX + apartY * apartY;
  if (squared === 0) return;
  const force = (-2 * CURVE.a * CURVE.b * squared ** (CURVE.b - 1)) / (1 + CURVE.a * squared ** CURVE.b);
  const [stepX, stepY] = [bound(force * apartX) * rate, bound(force * apartY) * rate];
  x[row] = (x[row] ?? 0) + stepX;
  y[row] = (y[row] ?? 0) + stepY;
  x[other] = (x[other] ?? 0) - stepX;
  y[other] = (y[other] ?? 0) - stepY;
}

function pushAway({ x, y }: Places, { row, other, rate }: Move): void {
  if (row === other) return;
  const [apartX, apartY] = [(x[row] ?? 0) - (x[other] ?? 0), (y[row] ?? 0) - (y[other] ?? 0)];
  const squared = apartX * apartX + apartY * apartY;
  const force = (2 * CURVE.b) / ((0.001 + squared) * (1 + CURVE.a * squared ** CURVE.b));
  x[row] = (x[row] ?? 0) + bound(force * apartX) * rate;
  y[row] = (y[row] ?? 0) + bound(force * apartY) * rate;
}

const bound = (step: number) => Math.max(-MOST_STEP, Math.min(MOST_STEP, step));

/** Brings places to ±10, and those that are the same a little apart. */
function spreadOut({ x, y }: Places): void {
  const largest = [...x, ...y].reduce((most, number) => Math.max(most, Math.abs(number)), 1e-9);
  for (let row = 0; row < x.length; row++) {
    x[row] = ((x[row] ?? 0) / largest) * WIDTH + (mix(2 * row + 1) / 2 ** 31) * 0.01;
    y[row] = ((y[row] ?? 0) / largest) * WIDTH + (mix(2 * row + 2) / 2 ** 31) * 0.01;
  }
}

/** Every pair of which one is among the other's nearest, with a weight from 0 to 1: certain for the nearest, less with the distance. */
function joinNeighbours({ each, rows, cosines }: NearestRows, count: number): Edges {
  const weights = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const distances = Array.from(cosines.subarray(row * each, (row + 1) * each), (cosine) => 1 - cosine);
    const scale = scaleOf(distances.filter((_, at) => (rows[row * each + at] ?? -1) >= 0));
    for (const [at, distance] of distances.entries()) {
      const other = rows[row * each + at] ?? -1;
      if (other < 0) continue;
      const weight = Math.exp(-Math.max(0, distance - (distances[0] ?? 0)) / scale);
      const key = Math.min(row, other) * count + Math.max(row, other);
      const before = weights.get(key) ?? 0;
      weights.set(key, before + weight - before * weight);
    }
  }
  const [from, to] = [new Int32Array(weights.size), new Int32Array(weights.size)];
  for (const [index, key] of [...weights.keys()].entries()) {
    // The row that is pushed away alternates between the two.
    const pair = [Math.floor(key / count), key % count] as const;
    from[index] = pair[index % 2 === 0 ? 0 : 1];
    to[index] = pair[index % 2 === 0 ? 1 : 0];
  }
  return { from, to, weights: Float32Array.from(weights.values()) };
}

/** The scale with which the weights of a row's neighbours add up to the logarithm (base 2) of their number. */
function scaleOf(distances: readonly number[]): number {
  const wanted = Math.log2(Math.max(2, distances.length));
  const nearest = distances[0] ?? 0;
  let [low, high] = [1e-6, 4];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    const sum = distances.reduce((total, distance) => total + Math.exp(-Math.max(0, distance - nearest) / middle), 0);
    if (sum > wanted) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
