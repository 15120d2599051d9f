import type { Optimisation, OptimisationCandidate, PromptContent } from "@treadle/contract";
import type { Candidate, Outcome } from "../search/evaluator.ts";
import { frontsOf, meanScore } from "../search/pareto.ts";
import { changesBetween, contentOf, lengthOf } from "../search/program.ts";

type Point = Pick<OptimisationCandidate, "quality" | "costUsd" | "tokens" | "length">;
type Terms = {
  readonly start: PromptContent;
  /** −1 if lower is better, so that the quality is reported in the scorer's unit. */
  readonly sign: 1 | -1;
};

/** The report on the candidates. */
export function reportCandidates(pool: readonly Candidate[], { start, sign }: Terms): OptimisationCandidate[] {
  const fronts = frontsOf(pool);
  const contents = pool.map(({ program }) => contentOf(start, program));
  const points = pool.map(({ outcomes }, at): Point & { latencyMs: number | null } => {
    const mean = meanScore(outcomes);
    const content = contents[at];
    return {
      quality: mean === null ? null : sign * mean,
      costUsd: meanOf(outcomes, "costUsd"),
      tokens: meanOf(outcomes, "tokens"),
      latencyMs: meanOf(outcomes, "latencyMs"),
      length: content ? lengthOf(content) : 0,
    };
  });
  return pool.flatMap(({ candidate, parents, change, reflection, outcomes, answersBefore }, at) => {
    const [point, content] = [points[at], contents[at]];
    if (!point || !content) return [];
    return {
      candidate,
      parents: [...parents],
      change,
      reflection,
      content,
      ...point,
      answersBefore,
      changes: changesBetween(contents[parents[0] ?? at] ?? content, content),
      scored: outcomes.filter(({ score }) => score !== null).length,
      wins: fronts.filter((front) => front.has(candidate)).length,
      isOnFrontier: point.quality !== null && !points.some((other) => beats(other, point, sign)),
    };
  });
}

/** At least as good, cheap and short, and one of the three more so. Tokens stand for the cost where no price is known. */
function beats(other: Point, point: Point, sign: 1 | -1): boolean {
  if (other.quality === null || point.quality === null) return false;
  const [mine, theirs] =
    other.costUsd !== null && point.costUsd !== null
      ? [point.costUsd, other.costUsd]
      : [point.tokens ?? 0, other.tokens ?? 0];
  const gains = [(other.quality - point.quality) * sign, mine - theirs, point.length - other.length];
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
}

function meanOf(outcomes: readonly Outcome[], field: "costUsd" | "tokens" | "latencyMs"): number | null {
  const values = outcomes.flatMap((outcome) => outcome[field] ?? []);
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** A share of the items that the first prompt has a score for; with fewer, a mean says something else. */
const LEAST_SCORED = 0.9;

/** The best prompt that may win; the earlier one of two that are as good. Null when none has a score. */
export function bestOf(
  candidates: readonly OptimisationCandidate[],
  { sign, maxTokensRatio }: { readonly sign: 1 | -1; readonly maxTokensRatio: number | null },
): OptimisationCandidate | null {
  const [start] = candidates;
  const mostTokens = maxTokensRatio === null || !start?.tokens ? Infinity : start.tokens * maxTokensRatio;
  return candidates.reduce<OptimisationCandidate | null>((best, one) => {
    const isAllowed =
      one.candidate === 0 || ((one.tokens ?? 0) <= mostTokens && one.scored >= LEAST_SCORED * (start?.scored ?? 0));
    if (one.quality === null || !isAllowed) return best;
    return best?.quality == null || (one.quality - best.quality) * sign > 0 ? one : best;
  }, null);
}

/** The best quality by the number of answers used. */
export function curveOf(candidates: readonly OptimisationCandidate[], sign: 1 | -1): Optimisation["curve"] {
  const curve: Optimisation["curve"] = [];
  for (const { quality, answersBefore } of candidates) {
    const last = curve.at(-1);
    if (quality === null) continue;
    if (!last || (quality - last.best) * sign > 0) curve.push({ answers: answersBefore, best: quality });
  }
  return curve;
}
