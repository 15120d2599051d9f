import type { Candidate } from "../shared/use-optimisations.ts";

export type Branch = { readonly candidate: Candidate; readonly depth: number };

/** Candidates below their parent, in order of discovery. A merged candidate is below its first parent. */
export function lineageOf(candidates: readonly Candidate[]): readonly Branch[] {
  const childrenOf = Map.groupBy(candidates, ({ parents }) => parents[0]);
  const walk = (parent: number | undefined, depth: number): Branch[] =>
    (childrenOf.get(parent) ?? []).flatMap((candidate) => [
      { candidate, depth },
      ...walk(candidate.candidate, depth + 1),
    ]);
  return walk(undefined, 0);
}
