/** A score in at most three significant digits: `12.4`, `0.62`, `0.0325`. */
export const formatScore = (score: number): string =>
  Number.isInteger(score) ? String(score) : String(Number(score.toPrecision(3)));
