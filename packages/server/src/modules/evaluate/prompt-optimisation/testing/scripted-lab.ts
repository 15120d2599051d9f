import { createRandom } from "@treadle/metrics";
import type { Candidate, Evaluator, EvaluatorItem, Outcome, Refused, Rewrite, Rewritten } from "../search/evaluator.ts";
import { OutOfBudget } from "../search/evaluator.ts";
import { isPlain, keyOf, type Program } from "../search/program.ts";

type Script = {
  readonly texts: readonly string[];
  readonly items: number;
  /** The score of an item; null for none. */
  readonly score: (program: Program, item: EvaluatorItem) => number | null;
  readonly rewrite?: (asked: Rewrite, turn: number) => Rewritten;
  readonly answers: number;
  readonly topScore?: number | null;
  readonly seed?: number;
};

const itemsOf = (part: string, count: number): EvaluatorItem[] =>
  Array.from({ length: count }, (_, at) => ({
    itemId: `${part}${at}`,
    inputs: { question: `Question ${part}${at}` },
    expected: `Answer ${part}${at}`,
    metadata: {},
  }));

/** A lab whose model and scorers are functions, and which records its requests. */
export function scriptedLab({ texts, items, score, rewrite, answers, topScore = 1, seed = 1 }: Script) {
  const asked = new Set<string>();
  const rewrites: Rewrite[] = [];
  let pool: { candidates: readonly Candidate[]; refused: readonly Refused[] } = { candidates: [], refused: [] };
  const lab: Evaluator = {
    seed: { texts, examples: [] },
    feedback: itemsOf("f", items),
    selection: itemsOf("s", items),
    topScore,
    random: createRandom(seed),
    answers: () => asked.size,
    async evaluate(program, given) {
      const keys = given.map(({ itemId }) => `${keyOf(program)} ${itemId}`);
      if (asked.size + keys.filter((key) => !asked.has(key)).length > answers) throw new OutOfBudget("budget-answers");
      for (const key of keys) asked.add(key);
      return given.map((item): Outcome => {
        const value = score(program, item);
        const output = `Answer ${item.itemId}`;
        return {
          itemId: item.itemId,
          score: value,
          feedback: `${value}`,
          output,
          tokens: 5,
          costUsd: null,
          latencyMs: 1,
        };
      });
    },
    async rewrite(question) {
      rewrites.push(question);
      return (
        rewrite?.(question, rewrites.length) ?? { kind: "refused", reason: "There is nothing to say.", reflection: "" }
      );
    },
    exampleOf: async (item, answer) =>
      isPlain(answer) ? { itemId: item.itemId, question: String(item.inputs.question), answer } : null,
    async found({ candidates, refused }) {
      pool = { candidates: [...candidates], refused: [...refused] };
    },
  };
  return {
    lab,
    rewrites,
    get pool() {
      return pool;
    },
  };
}

/** Runs a method until it or its budget ends, and returns which. */
export async function ended(running: Promise<void>): Promise<string> {
  try {
    await running;
    return "finished";
  } catch (error) {
    if (error instanceof OutOfBudget) return error.stop;
    throw error;
  }
}
