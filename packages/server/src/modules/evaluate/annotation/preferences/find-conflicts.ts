import type { PreferenceConflict } from "@treadle/contract";
import { agreementOf, keyOf, type PairEvidence, promptKey } from "../evidence/evidence.ts";

/** Fewer votes than this share do not say which answer is better. */
export const LEAST_AGREEMENT = 0.6;

type Edge = { readonly place: number; readonly better: string; readonly worse: string };

/**
 * The conflicts of each pair, by index: another source disagrees, the preferences form a circle, or the votes are
 * divided.
 */
export function findConflicts(pairs: readonly PairEvidence[]): (PreferenceConflict | null)[] {
  const conflicts: (PreferenceConflict | null)[] = pairs.map((pair) =>
    !pair.isTie && agreementOf(pair) < LEAST_AGREEMENT ? "divided" : null,
  );
  for (const ofPrompt of edgesByPrompt(pairs)) {
    const better = betterThan(ofPrompt);
    for (const { place, better: one, worse: other } of ofPrompt) {
      if (better.get(other)?.has(one)) conflicts[place] = "contradiction";
      else if (conflicts[place] === null && isInCircle(better, { from: other, to: one })) conflicts[place] = "circle";
    }
  }
  return conflicts;
}

const edgesByPrompt = (pairs: readonly PairEvidence[]): Iterable<readonly Edge[]> => {
  const edges = pairs.flatMap((pair, place) =>
    pair.isTie ? [] : [{ place, prompt: promptKey(pair), better: keyOf(pair.chosen), worse: keyOf(pair.rejected) }],
  );
  return Map.groupBy(edges, ({ prompt }) => prompt).values();
};

function betterThan(edges: readonly Edge[]): ReadonlyMap<string, ReadonlySet<string>> {
  const better = new Map<string, Set<string>>();
  for (const { better: one, worse } of edges) better.set(one, (better.get(one) ?? new Set()).add(worse));
  return better;
}

/** Whether a third answer is worse than `from` and better than `to`. */
const isInCircle = (better: ReadonlyMap<string, ReadonlySet<string>>, { from, to }: { from: string; to: string }) =>
  [...(better.get(from) ?? [])].some((third) => better.get(third)?.has(to));

/** Answers to a prompt that were all compared with each other, by three, and how many of these threes go round. */
export function countCircles(pairs: readonly PairEvidence[]): { triples: number; circular: number } {
  let [triples, circular] = [0, 0];
  for (const ofPrompt of edgesByPrompt(pairs)) {
    const better = betterThan(ofPrompt);
    const names = [...new Set(ofPrompt.flatMap(({ better: one, worse }) => [one, worse]))].slice(0, 40);
    const beats = (one = "", other = "") => better.get(one)?.has(other) === true;
    for (const [a, first] of names.entries())
      for (const [b, second] of names.slice(a + 1).entries())
        for (const third of names.slice(a + b + 2)) {
          const all = [
            [first, second],
            [second, third],
            [third, first],
          ] as const;
          if (!all.every(([one, other]) => beats(one, other) || beats(other, one))) continue;
          triples += 1;
          if (all.every(([one, other]) => beats(one, other)) || all.every(([one, other]) => beats(other, one)))
            circular += 1;
        }
  }
  return { triples, circular };
}
