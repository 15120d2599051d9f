/** From here on the asymptotic series is exact to about 1e-14. */
const LARGE = 10;

/** ψ(x) = d/dx ln Γ(x) for x > 0, by its recurrence and asymptotic series; about 1e-13 absolute. */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma of ${x}: it needs a number above 0.`);
  let [at, below] = [x, 0];
  for (; at < LARGE; at += 1) below += 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return Math.log(at) - 1 / (2 * at) - series - below;
}
