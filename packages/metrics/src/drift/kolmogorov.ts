import { binomialPmf } from "../distributions/index.ts";

/**
 * The probability that the distribution function of a sample of about 100 or more is this far from its source: P(D ≥
 * distance).
 */
export function kolmogorovSurvival(distance: number, n: number): number {
  const z = Math.sqrt(n) * distance;
  if (z <= 0.05) return 1;
  return z * z >= FROM_HERE_ONE_SIDE ? Math.min(1, 2 * oneSided(distance, n)) : pelzGood(z, n);
}

/** From this z² on, the case that the curve is far above and far below adds less than 2 in 10⁷ to the probability. */
const FROM_HERE_ONE_SIDE = 2.2;

/** Smirnov's P(D⁺ ≥ distance): a sum of binomial terms, none negative, so exact however small it is. */
function oneSided(distance: number, n: number): number {
  let sum = 0;
  for (let j = 0; j / n + distance <= 1; j += 1) {
    const share = distance + j / n;
    sum += (binomialPmf(j, n, Math.min(1, share)) * distance) / share;
  }
  return sum;
}

/** The limit and the first three terms after it (Pelz and Good 1976). */
function pelzGood(z: number, n: number): number {
  const square = z * z;
  const pi2 = Math.PI ** 2;
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  for (let k = 0; k <= 40; k += 1) {
    const odd2 = (2 * k + 1) ** 2;
    const weight = Math.exp((-pi2 * odd2) / (8 * square));
    k0 += weight;
    k1 += weight * (-square + (pi2 / 4) * odd2);
    k2 += weight * second(square, odd2);
    k3 += weight * third(square, odd2);
  }
  let [even2, even3] = [0, 0];
  for (let k = 1; k <= 40; k += 1) {
    const weight = k * k * Math.exp((-pi2 * k * k) / (2 * square));
    even2 += weight;
    even3 += weight * (3 * square - pi2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  const terms = [
    (k0 * root) / z,
    (k1 * root) / (6 * z ** 4),
    (k2 * root) / (72 * z ** 7) - (even2 * pi2 * root) / (36 * z ** 3),
    (k3 * root) / (6480 * z ** 10) + (even3 * pi2 * root) / (216 * z ** 6),
  ];
  return 1 - terms.reduce((sum, term, order) => sum + term / n ** (order / 2), 0);
}

function second(square: number, odd2: number): number {
  const [pi2, z4] = [Math.PI ** 2, square * square];
  return (
    6 * z4 * square + 2 * z4 + ((2 * z4 - 5 * square) * pi2 * odd2) / 4 + (pi2 ** 2 * (1 - 2 * square) * odd2 ** 2) / 16
  );
}

function third(square: number, odd2: number): number {
  const [pi2, z4, z6] = [Math.PI ** 2, square ** 2, square ** 3];
  return (
    -30 * z6 -
    90 * z6 * square +
    (pi2 * (135 * z4 - 96 * z6) * odd2) / 4 +
    (pi2 ** 2 * (-60 * square + 212 * z4) * odd2 ** 2) / 16 +
    (pi2 ** 3 * (5 - 30 * square) * odd2 ** 3) / 64
  );
}
