/** A vector of length 1, so that a product of two is their cosine. */
type Vector = Float32Array;

/** The score of a text by its vector, from 0 to 1. 0.5 is the threshold that the examples set themselves. */
export type TopicModel = (vector: readonly number[]) => number;

/** How many of the closest examples vote. */
const VOTES = 3;
/** A text that is close to allowed examples is less likely to be of the denied topic. */
const ALLOWED_WEIGHT = 0.5;
/** Measured by `bench/guards/topics.ts`: how far from the middle of the examples' own scores the threshold is, in standard deviations. */
const REACH = { denied: 0, deniedOfBoth: 1, allowedOfBoth: 2, allowed: 3 };
/** Examples that are almost the same would make every other text a certain miss. */
const SMALLEST_SPREAD = 0.03;
const STEEPNESS = 1.5;

/**
 * Compares texts with examples: by their distance to the middle of the examples and to the three closest. Each example is
 * scored as if it were none of the examples; these scores set the threshold, so a narrow topic gets a narrow threshold.
 */
export function createTopicModel(
  denied: readonly (readonly number[])[],
  allowed: readonly (readonly number[])[],
): TopicModel {
  const [no, yes] = [denied.map(toUnit), allowed.map(toUnit)];
  const { raw, threshold, spread } =
    no.length === 0 ? offTopic(yes) : yes.length === 0 ? onTopic(no) : between(no, yes);
  return (vector) => 1 / (1 + Math.exp((-STEEPNESS * (raw(toUnit(vector)) - threshold)) / spread));
}

type Scale = {
  readonly raw: (vector: Vector) => number;
  readonly threshold: number;
  readonly spread: number;
};

/** How close a text is to denied examples. */
function onTopic(examples: readonly Vector[]): Scale {
  const { mean, spread } = statsOf(withoutEach(examples, (vector, others) => nearness(others)(vector)));
  return { raw: nearness(examples), threshold: mean - REACH.denied * spread, spread };
}

/** How far a text is from allowed examples. */
function offTopic(examples: readonly Vector[]): Scale {
  const { mean, spread } = statsOf(withoutEach(examples, (vector, others) => -nearness(others)(vector)));
  const near = nearness(examples);
  return { raw: (vector) => -near(vector), threshold: mean + REACH.allowed * spread, spread };
}

/** How much closer a text is to denied examples than to allowed ones. */
function between(denied: readonly Vector[], allowed: readonly Vector[]): Scale {
  const near = nearness(denied);
  const raw = (vector: Vector) => near(vector) - ALLOWED_WEIGHT * closest(vector, allowed);
  const own = statsOf(
    withoutEach(denied, (vector, others) => nearness(others)(vector) - ALLOWED_WEIGHT * closest(vector, allowed)),
  );
  const other = statsOf(
    withoutEach(allowed, (vector, others) => near(vector) - ALLOWED_WEIGHT * closest(vector, others)),
  );
  const threshold = Math.max(
    own.mean - REACH.deniedOfBoth * own.spread,
    other.mean + REACH.allowedOfBoth * other.spread,
  );
  return { raw, threshold, spread: own.spread };
}

function nearness(examples: readonly Vector[]): (vector: Vector) => number {
  const middle = toUnit(examples.reduce((sum, vector) => sum.map((value, at) => value + (vector[at] ?? 0))));
  return (vector) => (cosine(vector, middle) + closest(vector, examples)) / 2;
}

/** The mean cosine of the closest examples. */
function closest(vector: Vector, examples: readonly Vector[]): number {
  const best = examples.map((example) => cosine(vector, example)).sort((one, other) => other - one);
  const votes = best.slice(0, VOTES);
  return votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
}

const withoutEach = (examples: readonly Vector[], score: (vector: Vector, others: readonly Vector[]) => number) =>
  examples.map((vector, place) => score(vector, examples.toSpliced(place, 1)));

function statsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: Math.max(SMALLEST_SPREAD, Math.sqrt(variance)) };
}

function cosine(one: Vector, other: Vector): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function toUnit(vector: readonly number[] | Vector): Vector {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}
