import { guaranteedBounds, type Interval, type ScoreRange, scoreInterval, scoreSpread } from "../src/index.ts";
import {
  betaSource,
  drawnShare,
  exactShare,
  holds,
  MEANS,
  newRandom,
  passShare,
  repeatsSource,
  type Shares,
  SOME_MEANS,
  type Source,
  sharesOf,
} from "./coverage.ts";

const SHARE: ScoreRange = { min: 0, max: 1 };
const ALPHA = 0.05;

const shown = (values: readonly number[], range: ScoreRange = SHARE): Interval | null => {
  const spread = scoreSpread(values.map((value) => [value]));
  return spread && scoreInterval(spread, { alpha: ALPHA, range });
};
/** The same of items with repeats, of which only the share that passed was drawn. */
const shownOfRepeats = (shares: readonly number[], repeats: number): Interval | null => {
  const answers = (share: number) =>
    Array.from({ length: repeats }, (_, place) => Number(place < Math.round(share * repeats)));
  const spread = scoreSpread(shares.map(answers));
  return spread && scoreInterval(spread, { alpha: ALPHA, range: SHARE });
};

/** Two values that are at the same distance from the mean in units of what is left of the range, one of them rare. */
const twoPoints = (mean: number) => [
  { low: mean * 0.8, high: 1 - (1 - mean) * 0.2 },
  { low: mean * 0.2, high: mean + (1 - mean) * 0.2 },
  mean < 0.5 ? { low: 0, high: 0.5 } : { low: 0.5, high: 1 },
];
const pointSource = (mean: number, { low, high }: { low: number; high: number }): Source => ({
  mean,
  draw: (random) => (random.next() < (mean - low) / (high - low) ? high : low),
});
const exactOfPoints = (
  { n, means = MEANS }: Work,
  isTrue: (values: readonly number[], mean: number) => boolean,
): number[] =>
  means.flatMap((mean) =>
    twoPoints(mean).map(({ low, high }) => {
      const probability = (mean - low) / (high - low);
      return exactShare({ n, probability, low, high }, (values) => isTrue(values, mean));
    }),
  );
const SIZES = [0.5, 2, 20];

/** How many values, how often they are drawn, and over which true means; exact shares take every hundredth unless told otherwise. */
type Work = { readonly n: number; readonly draws: number; readonly means?: readonly number[] };

/** How often the shown 95 % interval holds the true mean. */
export const COVERAGE: Readonly<Record<string, (work: Work) => Shares>> = {
  "pass or fail": ({ n }) => {
    const intervals = ofPasses(n, (values) => shown(values));
    return sharesOf(
      MEANS.map((mean) => passShare({ n, mean }, (passes) => holds(intervals[passes] ?? null, mean))),
      "least",
    );
  },
  "pass or fail, 3 repeats": ({ n, draws, means = SOME_MEANS }) => {
    const random = newRandom();
    const coverOf = (mean: number) =>
      drawnShare({ source: repeatsSource(mean, 3), n, draws, random }, (values) =>
        holds(shownOfRepeats(values, 3), mean),
      );
    return sharesOf(means.map(coverOf), "least");
  },
  "numbers, two values": (work) =>
    sharesOf(
      exactOfPoints(work, (values, mean) => holds(shown(values), mean)),
      "least",
    ),
  "numbers, beta": ({ n, draws, means = SOME_MEANS }) => {
    const random = newRandom();
    const coverOf = (mean: number, size: number) =>
      drawnShare({ source: betaSource(mean, size), n, draws, random }, (values) => holds(shown(values), mean));
    return sharesOf(
      means.flatMap((mean) => SIZES.map((size) => coverOf(mean, size))),
      "least",
    );
  },
};

/** How often a floor that lies just above the true mean passes, because the lower bound reaches it. */
export const WRONG_PASSES: Readonly<Record<string, (work: Work) => Shares>> = {
  "pass or fail": ({ n }) => {
    const bounds = ofPasses(n, (values) => guaranteedBounds(values, { alpha: ALPHA }));
    return sharesOf(
      MEANS.map((mean) => passShare({ n, mean }, (passes) => (bounds[passes]?.[0] ?? 0) > mean)),
      "greatest",
    );
  },
  "pass or fail, 3 repeats": ({ n, draws, means = SOME_MEANS }) => {
    const random = newRandom();
    const passOf = (mean: number) =>
      drawnShare({ source: repeatsSource(mean, 3), n, draws, random }, (values) => isPassed(values, mean));
    return sharesOf(means.map(passOf), "greatest");
  },
  "numbers, two values": ({ n, draws, means = SOME_MEANS }) => {
    const random = newRandom();
    const passOf = (source: Source) =>
      drawnShare({ source, n, draws, random }, (values) => isPassed(values, source.mean));
    return sharesOf(
      means.flatMap((mean) => twoPoints(mean).map((points) => passOf(pointSource(mean, points)))),
      "greatest",
    );
  },
  "numbers, beta": ({ n, draws, means = SOME_MEANS }) => {
    const random = newRandom();
    const passOf = (mean: number, size: number) =>
      drawnShare({ source: betaSource(mean, size), n, draws, random }, (values) => isPassed(values, mean));
    return sharesOf(
      means.flatMap((mean) => SIZES.map((size) => passOf(mean, size))),
      "greatest",
    );
  },
};

/** A floor just above the true mean is reached by the lower bound. */
const isPassed = (values: readonly number[], mean: number): boolean =>
  (guaranteedBounds(values, { alpha: ALPHA, range: [0, 1] })?.[0] ?? 0) > mean;

/** Something of every number of passes among n. */
const ofPasses = (n: number, measure: (values: readonly number[]) => Interval | null): (Interval | null)[] =>
  Array.from({ length: n + 1 }, (_, passes) => measure(Array.from({ length: n }, (__, at) => Number(at < passes))));
