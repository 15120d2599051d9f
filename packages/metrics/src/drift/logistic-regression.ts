/** Weights are limited by half this times their square, per vector. */
const PENALTY = 1e-3;
const ROUNDS = 80;

/**
 * Fits a logistic regression with a ridge penalty by Nesterov's method, and gives the log-odds of label 1 for a vector. Both labels have
 * the same total weight, whatever their numbers. Vectors are centred, and scaled by one factor to a mean squared length of 1.
 */
export function fitLogisticRegression(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
): (vector: ArrayLike<number>) => number {
  const size = vectors[0]?.length ?? 0;
  const { middle, rows } = centre(vectors, size);
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const share = [0.5 / Math.max(1, labels.length - ones), 0.5 / Math.max(1, ones)] as const;
  // Rows have a mean squared length of 1, so that no direction curves by more than a quarter of it.
  const step = 1 / (0.25 * 2 + PENALTY);
  let [weights, ahead] = [new Float64Array(size + 1), new Float64Array(size + 1)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const gradient = new Float64Array(size + 1);
    for (const [at, row] of rows.entries()) {
      const label = labels[at] ?? 0;
      const surprise = (1 / (1 + Math.exp(-oddsOf(ahead, row))) - label) * (label === 1 ? share[1] : share[0]);
      for (let place = 0; place < size; place += 1)
        gradient[place] = (gradient[place] ?? 0) + surprise * (row[place] ?? 0);
      gradient[size] = (gradient[size] ?? 0) + surprise;
    }
    const next = ahead.map((weight, at) => weight - step * ((gradient[at] ?? 0) + (at < size ? PENALTY * weight : 0)));
    const momentum = round / (round + 3);
    ahead = next.map((weight, at) => weight + momentum * (weight - (weights[at] ?? 0)));
    weights = next;
  }
  return (vector) => oddsOf(weights, middle(vector));
}

function oddsOf(weights: Float64Array, row: Float64Array): number {
  let sum = weights[row.length] ?? 0;
  for (let place = 0; place < row.length; place += 1) sum += (weights[place] ?? 0) * (row[place] ?? 0);
  return sum;
}

function centre(vectors: readonly ArrayLike<number>[], size: number) {
  const mean = new Float64Array(size);
  for (const vector of vectors)
    for (let place = 0; place < size; place += 1)
      mean[place] = (mean[place] ?? 0) + (vector[place] ?? 0) / vectors.length;
  let squares = 0;
  for (const vector of vectors)
    for (let place = 0; place < size; place += 1) squares += ((vector[place] ?? 0) - (mean[place] ?? 0)) ** 2;
  const scale = squares > 0 ? Math.sqrt(vectors.length / squares) : 1;
  const middle = (vector: ArrayLike<number>) =>
    Float64Array.from(mean, (value, place) => ((vector[place] ?? 0) - value) * scale);
  return { middle, rows: vectors.map(middle) };
}
