/** A match between two players, by place. */
export type Game = {
  readonly a: number;
  readonly b: number;
  readonly outcome: number;
  /** Covariates of the outcome in addition to the players, as differences a − b. Every game has the same number. */
  readonly covariates: readonly number[];
  readonly weight: number;
};

/** An effect is null where its covariate is 0 on every game. */
export type Fitted = { readonly strengths: readonly number[]; readonly effects: readonly (number | null)[] };

const MOST_STEPS = 100;
/** Beyond such a strength (a likelihood ratio of e³⁰) the fit runs away: it has no finite answer. */
const RUNAWAY = 30;

/**
 * The likeliest strengths (log odds, adding up to 0) and effects of the covariates, by Newton's method, from where it starts. null when
 * there is no finite answer.
 */
export function fitLogistic(games: readonly Game[], players: number, start?: Fitted): Fitted | null {
  const all = [...(games[0]?.covariates.keys() ?? [])];
  const used = all.filter((place) => games.some(({ covariates, weight }) => weight > 0 && covariates[place] !== 0));
  const begin = [
    ...(start?.strengths ?? new Array<number>(players).fill(0)),
    ...used.map((at) => start?.effects[at] ?? 0),
  ];
  let values = Float64Array.from(begin);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { gradient, curvature } = derive(games, values, { players, used });
    const move = solve(curvature, gradient);
    if (move === null) return null;
    const most = Math.max(...move.map(Math.abs));
    // Newton may leap from far away; two units at a time are enough.
    const scale = most > 2 ? 2 / most : 1;
    values = values.map((value, place) => value + scale * (move[place] ?? 0));
    if (values.some((value) => !(Math.abs(value) < RUNAWAY))) return null;
    if (most < 1e-10) break;
  }
  const effectOf = (covariate: number) => {
    const place = used.indexOf(covariate);
    return place < 0 ? null : (values[players + place] ?? null);
  };
  return { strengths: [...values.subarray(0, players)], effects: all.map(effectOf) };
}

type Shape = { readonly players: number; readonly used: readonly number[] };

function derive(games: readonly Game[], values: Float64Array, { players, used }: Shape) {
  const size = values.length;
  const gradient = new Float64Array(size);
  // Strengths are known only up to a shift. A term for their sum makes the matrix solvable and the sum 0.
  const curvature = Array.from({ length: size }, (_, row) =>
    new Float64Array(size).map((_, column) => (row < players && column < players ? 1 : 0)),
  );
  const places = [0, 0, ...used.keys().map((place) => players + place)];
  const moves = [1, -1, ...used.map(() => 0)];
  for (const { a, b, outcome, covariates, weight } of games) {
    if (weight === 0) continue;
    [places[0], places[1]] = [a, b];
    for (const [at, covariate] of used.entries()) moves[at + 2] = covariates[covariate] ?? 0;
    let gap = 0;
    for (const [at, place] of places.entries()) gap += (moves[at] ?? 0) * (values[place] ?? 0);
    const expected = 1 / (1 + Math.exp(-gap));
    const surprise = weight * (outcome - expected);
    const steepness = weight * expected * (1 - expected);
    for (const [at, row] of places.entries()) {
      const move = moves[at] ?? 0;
      gradient[row] = (gradient[row] ?? 0) + surprise * move;
      const entries = curvature[row];
      if (!entries) continue;
      for (const [other, column] of places.entries())
        entries[column] = (entries[column] ?? 0) + steepness * move * (moves[other] ?? 0);
    }
  }
  return { gradient, curvature };
}

/** Gauss with pivots; null when the matrix has no inverse. */
function solve(matrix: readonly Float64Array[], right: Float64Array): number[] | null {
  const rows = matrix.map((row, place) => [...row, right[place] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const candidates = rows.slice(column);
    const best = candidates.reduce((one, other) =>
      Math.abs(other[column] ?? 0) > Math.abs(one[column] ?? 0) ? other : one,
    );
    const pivot = best[column] ?? 0;
    if (Math.abs(pivot) < 1e-14) return null;
    rows.splice(rows.indexOf(best), 1);
    rows.splice(column, 0, best);
    for (const row of rows) {
      if (row === best) continue;
      const factor = (row[column] ?? 0) / pivot;
      if (factor !== 0)
        for (let place = column; place <= size; place += 1)
          row[place] = (row[place] ?? 0) - factor * (best[place] ?? 0);
    }
  }
  return rows.map((row, place) => (row[size] ?? 0) / (row[place] ?? 1));
}
