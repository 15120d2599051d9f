/** A match between two players, by place. */
export type Game = {
  readonly a: number;
  readonly b: number;
  readonly outcome: number;
  /** null when length is not controlled for; on all games or on none. */
  readonly length: number | null;
  readonly weight: number;
};

export type Fitted = { readonly strengths: number[]; readonly lengthEffect: number | null };

const MOST_STEPS = 100;
/** Beyond such a strength (a likelihood ratio of e³⁰) the fit runs away: it has no finite answer. */
const RUNAWAY = 30;

/**
 * The likeliest strengths (log odds, adding up to 0) and effect of length, by Newton's method, from where it starts. null when there is no
 * finite answer.
 */
export function fitLogistic(games: readonly Game[], players: number, start?: Fitted): Fitted | null {
  const hasLength = games.some(({ length }) => length !== null && length !== 0);
  const size = players + (hasLength ? 1 : 0);
  let values = Float64Array.from({ length: size }, (_, place) => start?.strengths[place] ?? start?.lengthEffect ?? 0);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { gradient, curvature } = derive(games, values, players);
    const move = solve(curvature, gradient);
    if (move === null) return null;
    const most = Math.max(...move.map(Math.abs));
    // Newton may leap from far away; two units at a time are enough.
    const scale = most > 2 ? 2 / most : 1;
    values = values.map((value, place) => value + scale * (move[place] ?? 0));
    if (values.some((value) => !(Math.abs(value) < RUNAWAY))) return null;
    if (most < 1e-10) break;
  }
  return { strengths: [...values.subarray(0, players)], lengthEffect: hasLength ? (values[players] ?? null) : null };
}

function derive(games: readonly Game[], values: Float64Array, players: number) {
  const size = values.length;
  const gradient = new Float64Array(size);
  // Strengths are known up to a shift only: a term for their sum makes the matrix one that can be solved, and keeps the sum at 0.
  const curvature = Array.from({ length: size }, (_, row) =>
    new Float64Array(size).map((_, column) => (row < players && column < players ? 1 : 0)),
  );
  const bend = (row: number, column: number, by: number) => {
    const entries = curvature[row];
    if (entries) entries[column] = (entries[column] ?? 0) + by;
  };
  for (const { a, b, outcome, length, weight } of games) {
    if (weight === 0) continue;
    const effect = length ?? 0;
    const expected = 1 / (1 + Math.exp((values[b] ?? 0) - (values[a] ?? 0) - effect * (values[players] ?? 0)));
    const surprise = weight * (outcome - expected);
    const steepness = weight * expected * (1 - expected);
    gradient[a] = (gradient[a] ?? 0) + surprise;
    gradient[b] = (gradient[b] ?? 0) - surprise;
    bend(a, a, steepness);
    bend(b, b, steepness);
    bend(a, b, -steepness);
    bend(b, a, -steepness);
    if (size === players) continue;
    gradient[players] = (gradient[players] ?? 0) + surprise * effect;
    bend(players, players, steepness * effect * effect);
    bend(a, players, steepness * effect);
    bend(players, a, steepness * effect);
    bend(b, players, -steepness * effect);
    bend(players, b, -steepness * effect);
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
