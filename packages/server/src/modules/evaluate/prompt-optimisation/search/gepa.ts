import type { Candidate, Evaluator, EvaluatorItem, Outcome } from "./evaluator.ts";
import { tryMerge } from "./merge.ts";
import { drawParent, pairedSums } from "./pareto.ts";
import { createPool, type Pool, shuffled } from "./pool.ts";
import type { Program } from "./program.ts";

type Options = { readonly minibatch: number; readonly merge: boolean };
type Search = { readonly lab: Evaluator; readonly pool: Pool };

const MOST_MERGES = 5;
/** So many batches one after the other that need no rewrite, or get none that is any good, end the search. */
const MOST_IDLE = 40;

/**
 * GEPA (Agrawal et al. 2025): selects a prompt by how often it is the best for an item, lets a model rewrite one of its
 * texts based on the scorers' reasons for a few items, and retains rewrites that score strictly better on these. Throws
 * `OutOfBudget`, which is its usual end.
 */
export async function runGepa(lab: Evaluator, { minibatch, merge }: Options): Promise<void> {
  const pool = createPool(lab);
  await pool.add(lab.seed, { parents: [], change: "start", reflection: "" });
  const nextBatch = batchesOf(lab, minibatch);
  const turns = new Map<number, number>();
  let merges = 0;
  for (let idle = 0; idle < MOST_IDLE; idle++) {
    const drawn = drawParent(pool.candidates, lab.random);
    const parent = pool.candidates[drawn ?? 0];
    if (!parent) return;
    const turn = turns.get(parent.candidate) ?? 0;
    turns.set(parent.candidate, turn + 1);
    const at = turn % Math.max(1, parent.program.texts.length);
    if (!(await improve({ lab, pool }, { parent, at, batch: nextBatch() }))) continue;
    idle = -1;
    if (merge && merges < MOST_MERGES && (await tryMerge(lab, pool))) merges++;
  }
}

type Step = { readonly parent: Candidate; readonly at: number; readonly batch: readonly EvaluatorItem[] };

/** Whether a rewrite did better and is in the pool now. */
async function improve({ lab, pool }: Search, { parent, at, batch }: Step): Promise<boolean> {
  const before = await lab.evaluate(parent.program, batch);
  if (before.every(({ score }) => score === null) || isPerfect(before, lab.topScore)) return false;
  const examples = batch.flatMap((item, place) => {
    const outcome = before[place];
    return outcome ? [{ item, outcome }] : [];
  });
  const rewritten = await lab.rewrite({ program: parent.program, at, seen: examples });
  const { reflection } = rewritten;
  const parents = [parent.candidate];
  if (rewritten.kind === "refused") {
    await pool.refuse({ parents, reason: rewritten.reason, reflection, before: null, after: null });
    return false;
  }
  const program = withText(parent.program, at, rewritten.text);
  if (pool.has(program)) {
    await pool.refuse({ parents, reason: "This prompt was already tried.", reflection, before: null, after: null });
    return false;
  }
  const sums = pairedSums(before, await lab.evaluate(program, batch));
  if (sums.items === 0 || sums.after <= sums.before) {
    const reason = sums.items === 0 ? "Its answers have no score." : "It is not better on the items it was made from.";
    await pool.refuse({ parents, reason, reflection, before: sums.before, after: sums.after });
    return false;
  }
  await pool.add(program, { parents, change: "rewrite", reflection });
  return true;
}

const withText = ({ texts, examples }: Program, at: number, text: string): Program => ({
  texts: texts.map((one, place) => (place === at ? text : one)),
  examples,
});

const isPerfect = (outcomes: readonly Outcome[], top: number | null): boolean =>
  top !== null && outcomes.every(({ score }) => score !== null && score >= top);

/** One batch after the other, each item once before any comes again. */
function batchesOf({ feedback, random }: Evaluator, size: number): () => readonly EvaluatorItem[] {
  let rest: EvaluatorItem[] = [];
  return () => {
    const batch: EvaluatorItem[] = [];
    const width = Math.min(size, feedback.length);
    while (batch.length < width) {
      if (rest.length === 0) rest = shuffled(feedback, random).filter((item) => !batch.includes(item));
      const next = rest.shift();
      if (!next) break;
      batch.push(next);
    }
    return batch;
  };
}
