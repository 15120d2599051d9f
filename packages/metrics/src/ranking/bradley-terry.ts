import { createRandom } from "../random.ts";
import { type Fitted, fitLogistic, type Game as Row } from "./logistic.ts";

/** One comparison of two answers. */
export type Match = {
  readonly a: string;
  readonly b: string;
  /** 1 when a won, 0 when b did, 0.5 for a tie. */
  readonly outcome: number;
  /** Lengths of both answers, in any unit; needed on every match with `controlLength`. */
  readonly lengths?: readonly [a: number, b: number];
  /**
   * The amount of a style trait in both answers, such as headings or list items. Every match must have the traits of
   * `controlStyles`.
   */
  readonly styles?: Readonly<Record<string, readonly [a: number, b: number]>>;
};

/** What a trait of the answers wins by itself, in points for one standard deviation of its difference. */
export type StyleEffect = {
  readonly name: string;
  /** null where the answers never differ in it. */
  readonly points: number | null;
  readonly interval: readonly [low: number, high: number] | null;
};

export type Rated = {
  readonly name: string;
  readonly matches: number;
  /** On Elo's scale: 400 points are odds of 10 to 1, the average is 1,000. null when the matches do not determine it. */
  readonly rating: number | null;
  /** Percentiles over resampled matches; null where too many resamples leave the rating open. */
  readonly interval: readonly [low: number, high: number] | null;
};

export type Ranking = {
  /** Best first; those without a rating last. */
  readonly ratings: readonly Rated[];
  /** Points that an answer longer by one standard deviation of the length difference gains; null without `controlLength`. */
  readonly lengthPoints: number | null;
  /** Of what was controlled for: `length` first, then the styles. */
  readonly effects: readonly StyleEffect[];
};

type RankingOptions = {
  /** Takes what length wins out of the ratings. The difference of a match is (a − b) / (a + b), standardised. */
  readonly controlLength?: boolean;
  /** Takes out what these styles win too, in the same way. */
  readonly controlStyles?: readonly string[];
  readonly alpha?: number;
  /** 1,000 when left out; 0 for no intervals. */
  readonly resamples?: number;
  readonly seed?: number;
  /** What each match belongs to, such as the item that was answered: all matches of one are drawn together. Each alone when left out. */
  readonly clusters?: readonly string[];
};

const POINTS = 400 / Math.LN10;
const LEAST_DEFINED = 0.95;

/**
 * Bradley and Terry's ratings of those who played against each other. A rating exists only where wins lead from everyone to everyone:
 * who never lost, or never met the others, has null instead of an invented number.
 */
export function rankByMatches(matches: readonly Match[], options: RankingOptions = {}): Ranking {
  const { alpha = 0.05, resamples = 1_000, seed = 1 } = options;
  const names = [...new Set(matches.flatMap(({ a, b }) => [a, b]))];
  const controls = controlsOf(options);
  const { rows, rowOf } = readRows(matches, { names, controls });
  const fit = rate(rows, names.length);
  const units = unitsOf(rowOf, options.clusters);
  const drawn = fit === null ? [] : resampleRatings(rows, { start: fit.fitted, resamples, seed, units });
  const intervalOf = (read: (rating: Rating) => number | null | undefined) =>
    percentiles(drawn.map(read), { alpha, resamples });
  const ratings = names.map((name, player) => ({
    name,
    matches: matches.filter(({ a, b }) => a === name || b === name).length,
    rating: fit?.ratings[player] ?? null,
    interval: intervalOf((each) => each.ratings[player]),
  }));
  const effects = controls.map(({ name }, place) => ({
    name,
    points: fit?.points[place] ?? null,
    interval: intervalOf((each) => each.points[place]),
  }));
  return {
    ratings: ratings.sort(
      (one, other) => (other.rating ?? Number.NEGATIVE_INFINITY) - (one.rating ?? Number.NEGATIVE_INFINITY),
    ),
    lengthPoints: (options.controlLength && effects[0]?.points) || null,
    effects,
  };
}

/** What is controlled for: its name, where a match has it, and how to say so. */
type Control = {
  readonly name: string;
  readonly field: string;
  of(match: Match): readonly [number, number] | undefined;
};

const controlsOf = ({ controlLength = false, controlStyles = [] }: RankingOptions): Control[] => [
  ...(controlLength ? [{ name: "length", field: "lengths", of: ({ lengths }: Match) => lengths }] : []),
  ...controlStyles.map((name) => ({ name, field: `styles.${name}`, of: ({ styles }: Match) => styles?.[name] })),
];

/** Matches as rows, equal ones as one row with a weight; and the place of each match's row. */
function readRows(
  matches: readonly Match[],
  { names, controls }: { names: readonly string[]; controls: readonly Control[] },
): { rows: Row[]; rowOf: number[] } {
  const places = new Map(names.map((name, place) => [name, place]));
  const differences = controls.map((control) => standardise(matches, control));
  const rows = new Map<string, Row & { readonly place: number }>();
  const rowOf: number[] = [];
  for (const [place, { a, b, outcome }] of matches.entries()) {
    if (!(outcome >= 0 && outcome <= 1))
      throw new RangeError(`matches[${place}].outcome is ${outcome}: give 1, 0, or 0.5 for a tie.`);
    if (a === b) throw new RangeError(`matches[${place}] is ${a} against itself.`);
    const covariates = differences.map((each) => each[place] ?? 0);
    const key = JSON.stringify([a, b, outcome, covariates]);
    const before = rows.get(key);
    const own = { place: before?.place ?? rows.size, weight: (before?.weight ?? 0) + 1 };
    rows.set(key, { a: places.get(a) ?? 0, b: places.get(b) ?? 0, outcome, covariates, ...own });
    rowOf.push(own.place);
  }
  return { rows: [...rows.values()].map(({ place: _, ...row }) => row), rowOf };
}

/** The rows that are drawn together. */
function unitsOf(rowOf: readonly number[], clusters: readonly string[] | undefined): (readonly number[])[] {
  if (clusters === undefined) return rowOf.map((row) => [row]);
  if (clusters.length !== rowOf.length)
    throw new RangeError(`There are ${clusters.length} clusters for ${rowOf.length} matches: give one for each.`);
  const units = new Map<string, number[]>();
  for (const [match, row] of rowOf.entries()) {
    const cluster = clusters[match] ?? "";
    const unit = units.get(cluster);
    if (unit) unit.push(row);
    else units.set(cluster, [row]);
  }
  return [...units.values()];
}

function standardise(matches: readonly Match[], { field, of }: Control): number[] {
  const shares = matches.map((match, place) => {
    const sizes = of(match);
    if (sizes === undefined || !(sizes[0] >= 0 && sizes[1] >= 0)) {
      const why = field === "lengths" ? "length" : "style";
      throw new RangeError(`matches[${place}].${field} is missing or below 0: give both to control for ${why}.`);
    }
    const total = sizes[0] + sizes[1];
    return total === 0 ? 0 : (sizes[0] - sizes[1]) / total;
  });
  const centre = shares.reduce((one, other) => one + other, 0) / shares.length;
  const deviation = Math.sqrt(shares.reduce((all, share) => all + (share - centre) ** 2, 0) / shares.length);
  // Divided, not shifted: two answers of one length stay at 0.
  return shares.map((share) => (deviation === 0 ? 0 : share / deviation));
}

type Rating = {
  readonly ratings: readonly number[];
  readonly points: readonly (number | null)[];
  readonly fitted: Fitted;
};

function rate(rows: readonly Row[], players: number, start?: Fitted): Rating | null {
  const fitted = isConnected(rows, players) ? fitLogistic(rows, players, start) : null;
  return (
    fitted && {
      ratings: fitted.strengths.map((strength) => 1_000 + POINTS * strength),
      points: fitted.effects.map((effect) => effect && POINTS * effect),
      fitted,
    }
  );
}

/** Whether wins (ties count both ways) lead from the first player to all and from all to the first: Ford's condition (1957). */
function isConnected(rows: readonly Row[], players: number): boolean {
  const hasBeaten = new Uint8Array(players * players);
  for (const { a, b, outcome, weight } of rows) {
    if (weight > 0 && outcome > 0) hasBeaten[a * players + b] = 1;
    if (weight > 0 && outcome < 1) hasBeaten[b * players + a] = 1;
  }
  const reached = (hasPath: (from: number, to: number) => boolean) => {
    const visited = new Set([0]);
    for (const from of visited) for (let to = 0; to < players; to += 1) if (hasPath(from, to)) visited.add(to);
    return visited.size;
  };
  return (
    players > 0 &&
    reached((from, to) => hasBeaten[from * players + to] === 1) === players &&
    reached((from, to) => hasBeaten[to * players + from] === 1) === players
  );
}

type Resampling = {
  readonly start: Fitted;
  readonly resamples: number;
  readonly seed: number;
  readonly units: readonly (readonly number[])[];
};

/**
 * Draws as many units as the original has, and fits again, starting from the original fit. Leaves out draws without a
 * rating.
 */
function resampleRatings(rows: readonly Row[], { start, resamples, seed, units }: Resampling): Rating[] {
  const random = createRandom(seed);
  const drawn: Rating[] = [];
  for (let trial = 0; trial < resamples; trial += 1) {
    const weights = new Float64Array(rows.length);
    for (let draw = 0; draw < units.length; draw += 1)
      for (const row of units[random.below(units.length)] ?? []) weights[row] = (weights[row] ?? 0) + 1;
    const drawnRows = rows.map((row, place) => ({ ...row, weight: weights[place] ?? 0 }));
    const refit = rate(drawnRows, start.strengths.length, start);
    if (refit !== null) drawn.push(refit);
  }
  return drawn;
}

function percentiles(
  drawn: readonly (number | null | undefined)[],
  { alpha, resamples }: { alpha: number; resamples: number },
): [number, number] | null {
  const values = drawn.filter((value) => typeof value === "number");
  if (values.length === 0 || values.length < resamples * LEAST_DEFINED) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return [at(alpha / 2), at(1 - alpha / 2)];
}
