import type { Evaluator, EvaluatorItem, Outcome } from "./evaluator.ts";
import { labelledExamples } from "./few-shot.ts";
import { meanScore } from "./pareto.ts";
import { createPool, shuffled } from "./pool.ts";
import { type Example, isPlain, keyOf, type Program } from "./program.ts";

type Options = { readonly examples: number; readonly trials: number };
type Mutant = { readonly program: Program; readonly told: readonly string[] };

/** Sentences that help weak models often enough to be tried. */
const HINTS = [
  "Read the text carefully before you answer.",
  "Answer with the answer alone, and nothing else.",
  "Be brief and exact.",
  "Do not explain the answer.",
  "Think it through step by step, then give the answer on the last line.",
  "If several answers seem possible, choose the most likely one.",
  "Use the words of the text where you can.",
] as const;
/** Expected answers that are at most so many different ones are a choice, and are named. */
const MOST_CHOICES = 30;
const RUNGS = [0.25, 0.5] as const;

/**
 * Combines hints, answer options, examples and their order at random, and searches by successive halving: all are tried
 * on a quarter of the selection third, the better half on half of it, and the rest on all. No model writes anything, so
 * it also works with weak models. Throws `OutOfBudget`.
 */
export async function runMutations(lab: Evaluator, { examples: most, trials }: Options): Promise<void> {
  const pool = createPool(lab);
  await pool.add(lab.seed, { parents: [], change: "start", reflection: "" });
  const hints = [...choiceHints(lab.feedback), ...HINTS];
  let left = drawMutants(lab, { hints, trials, most, examples: await labelledExamples(lab, lab.feedback) });
  for (const share of RUNGS) {
    const items = lab.selection.slice(0, Math.max(1, Math.ceil(lab.selection.length * share)));
    const ranked: { readonly mutant: Mutant; readonly mean: number }[] = [];
    for (const mutant of left) {
      const outcomes: readonly Outcome[] = await lab.evaluate(mutant.program, items);
      ranked.push({ mutant, mean: meanScore(outcomes) ?? -Infinity });
    }
    ranked.sort((a, b) => b.mean - a.mean);
    left = ranked.slice(0, Math.ceil(ranked.length / 2)).map(({ mutant }) => mutant);
  }
  for (const { program, told } of left)
    await pool.add(program, { parents: [0], change: "mutation", reflection: told.join(" ") });
}

type Drawing = {
  readonly trials: number;
  readonly hints: readonly string[];
  readonly examples: readonly Example[];
  /** The most examples of one prompt. */
  readonly most: number;
};

/** Without duplicates; fewer than requested if there are no more. */
function drawMutants({ seed, random }: Evaluator, { hints, trials, most, examples }: Drawing): Mutant[] {
  const drawn = new Map<string, Mutant>();
  for (let tries = 0; drawn.size < trials && tries < trials * 10; tries++) {
    const chosen = shuffled(hints, random).slice(0, random.below(3));
    const shown = shuffled(examples, random).slice(0, random.below(most + 1));
    if (chosen.length + shown.length === 0) continue;
    const isFirst = random.below(2) === 0;
    const hint = chosen.join(" ");
    const texts = seed.texts.map((text, at) =>
      at > 0 || hint === "" ? text : isFirst ? `${hint}\n\n${text}` : `${text}\n\n${hint}`,
    );
    const program = { texts, examples: shown };
    const details = [
      ...(hint === "" ? [] : [`${isFirst ? "Begins" : "Ends"} with: ${hint}`]),
      ...(shown.length === 0 ? [] : [`Shows the examples ${shown.map(({ itemId }) => itemId).join(", ")}.`]),
    ];
    drawn.set(keyOf(program), { program, told: details });
  }
  return [...drawn.values()];
}

/** The answers there are, when they are few, and that JSON is wanted, when all expected ones are. */
function choiceHints(items: readonly EvaluatorItem[]): string[] {
  const expected = items.map((item) => item.expected).filter((one) => one !== null && one !== undefined);
  if (expected.length === 0) return [];
  if (expected.every((one) => typeof one === "object")) return ["Answer with valid JSON alone, without a code fence."];
  const texts = expected.filter((one): one is string => typeof one === "string" && isPlain(one));
  const choices = [...new Set(texts)].sort();
  const isChoice = texts.length === expected.length && choices.length > 1 && choices.length * 3 <= texts.length;
  return isChoice && choices.length <= MOST_CHOICES ? [`Answer with exactly one of: ${choices.join(", ")}.`] : [];
}
