import type { Random } from "@treadle/metrics";
import type { Outcome } from "./evaluator.ts";

type Scored = { readonly candidate: number; readonly outcomes: readonly Pick<Outcome, "score">[] };

/** For each item, the candidates that no other candidate beats. None if no candidate has a score. */
export function frontsOf(candidates: readonly Scored[]): ReadonlySet<number>[] {
  const width = Math.max(0, ...candidates.map(({ outcomes }) => outcomes.length));
  return Array.from({ length: width }, (_, at) => {
    let top = -Infinity;
    for (const { outcomes } of candidates) top = Math.max(top, outcomes[at]?.score ?? -Infinity);
    return new Set(
      candidates.filter(({ outcomes }) => (outcomes[at]?.score ?? null) === top).map(({ candidate }) => candidate),
    );
  });
}

/**
 * How often each candidate is among the best of an item, without redundant candidates: wherever such a candidate is
 * among the best, another remaining candidate is too. The weakest is removed first, as in GEPA.
 */
export function frequencies(candidates: readonly Scored[]): ReadonlyMap<number, number> {
  const fronts = frontsOf(candidates).filter((front) => front.size > 0);
  const leaders = new Set(fronts.flatMap((front) => [...front]));
  const byMean = candidates
    .filter(({ candidate }) => leaders.has(candidate))
    .map(({ candidate, outcomes }) => ({ candidate, mean: meanScore(outcomes) ?? -Infinity }))
    .sort((a, b) => a.mean - b.mean || b.candidate - a.candidate);
  for (const { candidate } of byMean) {
    const isNeedless = fronts.every(
      (front) => !front.has(candidate) || [...front].some((other) => other !== candidate && leaders.has(other)),
    );
    if (isNeedless) leaders.delete(candidate);
  }
  const counts = new Map<number, number>();
  for (const front of fronts)
    for (const candidate of front) if (leaders.has(candidate)) counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
  return counts;
}

/** Draws a candidate, each as likely as it is often among the best. Undefined when none has a score. */
export function drawParent(candidates: readonly Scored[], random: Pick<Random, "below">): number | undefined {
  const counts = [...frequencies(candidates)].sort(([a], [b]) => a - b);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  let lot = random.below(total);
  for (const [candidate, count] of counts) {
    if (lot < count) return candidate;
    lot -= count;
  }
  return undefined;
}

/** The mean of existing scores. Null if there are none. */
export function meanScore(outcomes: readonly Pick<Outcome, "score">[]): number | null {
  const scores = outcomes.flatMap(({ score }) => (score === null ? [] : [score]));
  return scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

/** The sums over the items that both have a score for. */
export function pairedSums(before: readonly Outcome[], after: readonly Outcome[]) {
  const sums = { before: 0, after: 0, items: 0 };
  for (const [at, { score }] of before.entries()) {
    const other = after[at]?.score ?? null;
    if (score === null || other === null) continue;
    sums.before += score;
    sums.after += other;
    sums.items++;
  }
  return sums;
}
