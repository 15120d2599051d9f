import type { Candidate } from "./use-optimisations.ts";

export type Branch = { readonly candidate: Candidate; readonly depth: number };

/** Candidates under the one that each was made from, in the order in which they were found. A join stands under its first parent. */
export function lineageOf(candidates: readonly Candidate[]): readonly Branch[] {
  const childrenOf = Map.groupBy(candidates, ({ parents }) => parents[0]);
  const walk = (parent: number | undefined, depth: number): Branch[] =>
    (childrenOf.get(parent) ?? []).flatMap((candidate) => [
      { candidate, depth },
      ...walk(candidate.candidate, depth + 1),
    ]);
  return walk(undefined, 0);
}
