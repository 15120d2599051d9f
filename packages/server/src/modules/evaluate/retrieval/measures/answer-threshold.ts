import type { AnswerThreshold, ScoreSpread } from "@treadle/contract";

type Scores = { readonly answerable: readonly number[]; readonly unanswerable: readonly number[] };
type Best = Pick<AnswerThreshold, "threshold" | "balancedAccuracy">;

/**
 * The threshold t that maximizes the balanced accuracy: the mean of the share of answerable questions with a top score of at least t, and the
 * share of unanswerable questions below t. Candidates lie in the middle between two neighboring scores. Of equal candidates, the
 * one in the widest gap is chosen, since new questions fall on the right side of it most often.
 */
export function suggestThreshold({ answerable, unanswerable }: Scores): Best {
  if (answerable.length === 0 || unanswerable.length === 0) return { threshold: null, balancedAccuracy: null };
  const scores = [...new Set([...answerable, ...unanswerable])].sort((a, b) => a - b);
  let best = { threshold: scores[0] ?? 0, balancedAccuracy: 0.5, gap: 0 };
  for (const [at, upper] of scores.entries()) {
    const lower = scores[at - 1];
    if (lower === undefined) continue;
    const threshold = (lower + upper) / 2;
    const answered = answerable.filter((score) => score >= threshold).length / answerable.length;
    const refused = unanswerable.filter((score) => score < threshold).length / unanswerable.length;
    const candidate = { threshold, balancedAccuracy: (answered + refused) / 2, gap: upper - lower };
    const gain = candidate.balancedAccuracy - best.balancedAccuracy;
    if (gain > 1e-12 || (Math.abs(gain) <= 1e-12 && candidate.gap > best.gap)) best = candidate;
  }
  return { threshold: best.threshold, balancedAccuracy: best.balancedAccuracy };
}

/** The five numbers of a box plot. Null without scores. */
export function spreadOf(scores: readonly number[]): ScoreSpread | null {
  if (scores.length === 0) return null;
  const [least, lowerQuartile, median, upperQuartile, most] = [0, 0.25, 0.5, 0.75, 1].map((p) => quantile(scores, p));
  return {
    least: least ?? 0,
    lowerQuartile: lowerQuartile ?? 0,
    median: median ?? 0,
    upperQuartile: upperQuartile ?? 0,
    most: most ?? 0,
  };
}

/** By linear interpolation between neighbors. Null without values. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const lower = sorted[Math.floor(place)];
  const upper = sorted[Math.ceil(place)];
  return lower === undefined || upper === undefined ? null : lower + (place - Math.floor(place)) * (upper - lower);
}
