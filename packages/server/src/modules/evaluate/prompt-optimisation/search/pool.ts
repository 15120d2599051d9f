import type { Candidate, Evaluator, Refused } from "./evaluator.ts";
import { keyOf, type Program } from "./program.ts";

type Origin = Pick<Candidate, "parents" | "change" | "reflection">;

/** The prompts that a search has found, each answered for the whole selection third. */
export function createPool(lab: Evaluator) {
  const candidates: Candidate[] = [];
  const refused: Refused[] = [];
  const known = new Set<string>();
  return {
    candidates,
    has: (program: Program): boolean => known.has(keyOf(program)),
    /** Answers the selection third. Throws `OutOfBudget`, and the prompt is then not in the pool. */
    async add(program: Program, origin: Origin): Promise<Candidate> {
      const outcomes = await lab.evaluate(program, lab.selection);
      const added = { ...origin, candidate: candidates.length, program, outcomes, answersBefore: lab.answers() };
      known.add(keyOf(program));
      candidates.push(added);
      await lab.found({ candidates, refused });
      return added;
    },
    async refuse(one: Refused): Promise<void> {
      refused.push(one);
      await lab.found({ candidates, refused });
    },
  };
}
export type Pool = ReturnType<typeof createPool>;

/** In an order that the random numbers choose. */
export function shuffled<Value>(values: readonly Value[], random: Pick<Evaluator["random"], "below">): Value[] {
  const order = [...values];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const [one, two] = [order[at], order[other]];
    if (one === undefined || two === undefined) continue;
    order[at] = two;
    order[other] = one;
  }
  return order;
}
