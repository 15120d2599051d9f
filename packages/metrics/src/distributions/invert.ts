type Increasing = {
  /** From 0 to 1, growing. */
  readonly cdf: (x: number) => number;
  readonly density: (x: number) => number;
  readonly probability: number;
  /** Where the answer lies. */
  readonly low: number;
  readonly high: number;
};

/** The x at which an increasing function reaches the probability: Newton's steps, halving where they leave the bracket. */
export function invert({ cdf, density, probability, low, high }: Increasing): number {
  let [from, to] = [low, high];
  let x = (from + to) / 2;
  for (let step = 0; step < 2_000; step += 1) {
    const error = cdf(x) - probability;
    if (error === 0) return x;
    if (error > 0) to = x;
    else from = x;
    const newton = x - error / density(x);
    // Far from the answer Newton's step may creep; every fourth step halves.
    const next = newton > from && newton < to && step % 4 !== 3 ? newton : (from + to) / 2;
    if (next === from || next === to || Math.abs(next - x) <= Math.abs(x) * 1e-15) return next;
    x = next;
  }
  return x;
}
