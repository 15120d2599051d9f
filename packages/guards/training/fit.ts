import { createRandom } from "../../metrics/src/index.ts";
import { DENSE_FEATURES, sumCounts, toFeatures } from "../src/injection/dense-features.ts";
import { BUCKETS } from "../src/injection/hash.ts";
import type { Model } from "../src/injection/model.ts";
import { scan } from "../src/injection/scan.ts";

/** The features of a text and what it is. */
export type Example = {
  readonly buckets: Int32Array;
  readonly values: Float32Array;
  readonly dense: Float32Array;
  readonly isAttack: boolean;
  readonly weight: number;
};

export type FitOptions = {
  readonly epochs: number;
  readonly rate: number;
  readonly decay: number;
  readonly seed: number;
};
/** Few small steps: longer training gains on the sources it sees and loses on the held-out ones. */
export const FIT: FitOptions = { epochs: 3, rate: 0.03, decay: 2e-5, seed: 11 };

/** A model without calibration. */
export type Fitted = Pick<Model, "weights" | "scale" | "bias" | "dense">;

/** The features of a text, as the scorer reads them: n-grams over the root of their number. */
export function toExample(text: string, label: Pick<Example, "isAttack" | "weight">): Example {
  const { buckets, units } = scan(text);
  const sorted = buckets.slice(0, units.at(-1)?.to ?? 0).sort();
  const starts = sorted.reduce<number[]>((all, bucket, place) => {
    if (place === 0 || sorted[place - 1] !== bucket) all.push(place);
    return all;
  }, []);
  const root = Math.sqrt(Math.max(1, sorted.length));
  const dense = new Float32Array(DENSE_FEATURES);
  sumCounts(units, dense);
  toFeatures(dense);
  return {
    buckets: Int32Array.from(starts, (start) => sorted[start] ?? 0),
    values: Float32Array.from(starts, (start, at) => ((starts[at + 1] ?? sorted.length) - start) / root),
    dense,
    ...label,
  };
}

/**
 * Logistic regression by AdaGrad. The same examples in the same order give the same weights: the order of an epoch comes
 * from a seeded generator.
 */
export function fit(examples: readonly Example[], { epochs, rate, decay, seed }: FitOptions = FIT): Fitted {
  const state = {
    weights: new Float32Array(BUCKETS),
    squares: new Float32Array(BUCKETS).fill(1e-4),
    dense: new Float32Array(DENSE_FEATURES),
    denseSquares: new Float32Array(DENSE_FEATURES).fill(1),
    bias: 0,
    biasSquares: 1,
  };
  const random = createRandom(seed);
  const order = examples.map((_, place) => place);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let place = order.length - 1; place > 0; place -= 1) {
      const other = random.below(place + 1);
      [order[place], order[other]] = [order[other] ?? 0, order[place] ?? 0];
    }
    for (const place of order) learn(state, examples[place], { rate, decay });
  }
  const { weights, dense, bias } = state;
  return { weights, dense, bias, scale: 1 };
}

type State = {
  readonly weights: Float32Array;
  readonly squares: Float32Array;
  readonly dense: Float32Array;
  readonly denseSquares: Float32Array;
  bias: number;
  biasSquares: number;
};

function learn(state: State, example: Example | undefined, { rate, decay }: Pick<FitOptions, "rate" | "decay">): void {
  if (example === undefined) return;
  const { buckets, values, dense, isAttack, weight } = example;
  const raw = state.bias + dot(state.weights, buckets, values) + dotDense(state.dense, dense);
  const error = weight * (1 / (1 + Math.exp(-raw)) - (isAttack ? 1 : 0));
  for (let place = 0; place < buckets.length; place += 1) {
    const bucket = buckets[place] ?? 0;
    const gradient = error * (values[place] ?? 0) + decay * (state.weights[bucket] ?? 0);
    const squares = (state.squares[bucket] ?? 0) + gradient * gradient;
    state.squares[bucket] = squares;
    state.weights[bucket] = (state.weights[bucket] ?? 0) - (rate * gradient) / Math.sqrt(squares);
  }
  for (let place = 0; place < dense.length; place += 1) {
    const gradient = error * (dense[place] ?? 0) + decay * (state.dense[place] ?? 0);
    const squares = (state.denseSquares[place] ?? 0) + gradient * gradient;
    state.denseSquares[place] = squares;
    state.dense[place] = (state.dense[place] ?? 0) - (rate * gradient) / Math.sqrt(squares);
  }
  state.biasSquares += error * error;
  state.bias -= (rate * error) / Math.sqrt(state.biasSquares);
}

function dot(weights: Float32Array, buckets: Int32Array, values: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < buckets.length; place += 1)
    sum += (weights[buckets[place] ?? 0] ?? 0) * (values[place] ?? 0);
  return sum;
}

function dotDense(weights: Float32Array, values: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < values.length; place += 1) sum += (weights[place] ?? 0) * (values[place] ?? 0);
  return sum;
}

/** One byte per weight. A few extreme weights are cut so that the others retain their steps. */
export function quantize({ weights, ...rest }: Fitted): Fitted {
  const sizes = Float32Array.from(weights, Math.abs)
    .filter((size) => size > 0)
    .sort();
  const largest = sizes[Math.floor(sizes.length * 0.9995)] ?? 1;
  const scale = largest / 127;
  const rounded = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))));
  return { ...rest, weights: rounded, scale };
}
