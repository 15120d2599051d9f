import { binomialPmf, createRandom, type Interval, type Random } from "../src/index.ts";

/** Where values come from, with the true mean. */
export type Source = { readonly mean: number; draw(random: Random): number };
/** A share of cases, over several true means. */
export type Shares = { readonly average: number; readonly worst: number };

/** Every hundredth from .01 to .99. */
export const MEANS: readonly number[] = Array.from({ length: 99 }, (_, place) => (place + 1) / 100);
export const SOME_MEANS: readonly number[] = [0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99];

export const holds = (interval: Interval | null, truth: number): boolean =>
  interval !== null && interval[0] <= truth + 1e-12 && truth - 1e-12 <= interval[1];

/** How often something is true of the number of passes among n; exact, without drawing. */
export function passShare({ n, mean }: { n: number; mean: number }, isTrue: (passes: number) => boolean): number {
  let share = 0;
  for (let passes = 0; passes <= n; passes += 1) {
    const chance = binomialPmf(passes, n, mean);
    // Rarer than this changes no digit that is shown.
    if (chance > 1e-9 && isTrue(passes)) share += chance;
  }
  return share;
}

/** The same of n values of which each is `high` with the given probability and otherwise `low`. */
export const exactShare = (
  { n, probability, low, high }: { n: number; probability: number; low: number; high: number },
  isTrue: (values: readonly number[]) => boolean,
): number =>
  passShare({ n, mean: probability }, (count) =>
    isTrue(Array.from({ length: n }, (_, place) => (place < count ? high : low))),
  );

/** How often something is true of n drawn values, over so many draws. */
export function drawnShare(
  { source, n, draws, random }: { source: Source; n: number; draws: number; random: Random },
  isTrue: (values: readonly number[]) => boolean,
): number {
  let count = 0;
  for (let draw = 0; draw < draws; draw += 1)
    if (isTrue(Array.from({ length: n }, () => source.draw(random)))) count += 1;
  return count / draws;
}

/** A beta distribution with a mean; the smaller the size, the nearer its values are to 0 and 1. */
export const betaSource = (mean: number, size: number): Source => ({
  mean,
  draw: (random) => {
    const [one, other] = [drawGamma(mean * size, random), drawGamma((1 - mean) * size, random)];
    return one + other === 0 ? Number(random.next() < mean) : one / (one + other);
  },
});

/** The share of passes among an item's repeats, when items differ in how often they pass. */
export const repeatsSource = (mean: number, repeats: number): Source => {
  const items = betaSource(mean, 2);
  return {
    mean,
    draw: (random) => {
      const rate = items.draw(random);
      let passes = 0;
      for (let repeat = 0; repeat < repeats; repeat += 1) passes += random.next() < rate ? 1 : 0;
      return passes / repeats;
    },
  };
};

export const newRandom = (): Random => createRandom(20);

/** Marsaglia and Tsang's method; below a shape of 1 by the usual power of a uniform number. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * random.next() ** (1 / shape);
  const centre = shape - 1 / 3;
  for (;;) {
    const normal = random.normal();
    const cube = (1 + normal / Math.sqrt(9 * centre)) ** 3;
    if (cube > 0 && Math.log(random.next()) < normal ** 2 / 2 + centre * (1 - cube + Math.log(cube)))
      return centre * cube;
  }
}

export const sharesOf = (values: readonly number[], worst: "least" | "greatest"): Shares => ({
  average: values.reduce((sum, value) => sum + value, 0) / values.length,
  worst: values.reduce((one, other) => (worst === "least" ? Math.min(one, other) : Math.max(one, other))),
});
