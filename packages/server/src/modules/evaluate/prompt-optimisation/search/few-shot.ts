import type { Evaluator, EvaluatorItem } from "./evaluator.ts";
import { createPool, shuffled } from "./pool.ts";
import type { Example } from "./program.ts";

type Options = { readonly examples: number; readonly trials: number };

/**
 * DSPy's BootstrapFewShotWithRandomSearch: the prompt's own answers that scored well, and expected ones, become examples; sets of
 * them are drawn and each is answered for the selection third. Throws `OutOfBudget`.
 */
export async function runFewShot(lab: Evaluator, { examples: most, trials }: Options): Promise<void> {
  const pool = createPool(lab);
  await pool.add(lab.seed, { parents: [], change: "start", reflection: "" });
  const labelled = await labelledExamples(lab, lab.feedback);
  const bootstrapped = await bootstrap(lab);
  const sets = [labelled.slice(0, most), bootstrapped.slice(0, most)];
  while (sets.length < trials) {
    const size = 1 + lab.random.below(most);
    // Answers of the model's own first, as they show the way to an answer too.
    const source = shuffled(bootstrapped, lab.random).slice(0, size);
    const rest = shuffled(labelled, lab.random).filter(({ itemId }) => !source.some((one) => one.itemId === itemId));
    sets.push([...source, ...rest.slice(0, size - source.length)]);
  }
  for (const examples of sets) {
    const program = { ...lab.seed, examples };
    if (examples.length === 0 || pool.has(program)) continue;
    await pool.add(program, { parents: [0], change: "examples", reflection: describeExamples(examples) });
  }
}

const describeExamples = (examples: readonly Example[]): string =>
  `Shows ${examples.length === 1 ? "an example" : `${examples.length} examples`}: ${examples.map(({ itemId }) => itemId).join(", ")}.`;

/** Expected answers that are texts, as examples. */
export async function labelledExamples(lab: Evaluator, items: readonly EvaluatorItem[]): Promise<Example[]> {
  const examples: Example[] = [];
  for (const item of shuffled(items, lab.random)) {
    if (typeof item.expected !== "string" || item.expected.trim() === "") continue;
    const example = await lab.exampleOf(item, item.expected);
    if (example) examples.push(example);
  }
  return examples;
}

/** The prompt's own answers with the best possible score. Without a best score, the better half. */
async function bootstrap(lab: Evaluator): Promise<Example[]> {
  const outcomes = await lab.evaluate(lab.seed, lab.feedback);
  const scores = outcomes.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
  const least = lab.topScore ?? scores[Math.floor(scores.length / 2)] ?? Infinity;
  const examples: Example[] = [];
  for (const at of shuffled([...outcomes.keys()], lab.random)) {
    const [item, outcome] = [lab.feedback[at], outcomes[at]];
    if (!item || !outcome || outcome.score === null || outcome.score < least || outcome.output.trim() === "") continue;
    const example = await lab.exampleOf(item, outcome.output);
    if (example) examples.push(example);
  }
  return examples;
}
