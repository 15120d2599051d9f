/** A score in at most three digits, which is never rounded to 1. */
export const scoreWords = (score: number): string =>
  score < 1 ? String(Number(Math.min(0.999, score).toPrecision(3))) : "1";
