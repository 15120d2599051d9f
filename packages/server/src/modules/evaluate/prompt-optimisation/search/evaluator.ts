import type { OptimisationCandidate, OptimisationStop } from "@treadle/contract";
import type { Random } from "@treadle/metrics";
import type { Example, Program } from "./program.ts";

export type EvaluatorItem = {
  readonly itemId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
};

/**
 * The result for an item. A score is inverted if necessary, so that higher is better. Null is a missing score, and
 * never 0.
 */
export type Outcome = {
  readonly itemId: string;
  readonly score: number | null;
  /** The scorers' results for the answer, or why there are none. */
  readonly feedback: string;
  readonly output: string;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly latencyMs: number | null;
};

/** A prompt that was answered for the whole selection third; its outcomes are in the order of the items. */
export type Candidate = Pick<
  OptimisationCandidate,
  "candidate" | "parents" | "change" | "reflection" | "answersBefore"
> & {
  readonly program: Program;
  readonly outcomes: readonly Outcome[];
};

export type Rewrite = {
  readonly program: Program;
  /** The text that is rewritten. */
  readonly at: number;
  readonly seen: readonly { readonly item: EvaluatorItem; readonly outcome: Outcome }[];
};
export type Rewritten =
  | { readonly kind: "text"; readonly text: string; readonly reflection: string }
  | { readonly kind: "refused"; readonly reason: string; readonly reflection: string };

/** The tools of a search method. All results are stored, so that the same search repeats no call after a restart. */
export type Evaluator = {
  readonly seed: Program;
  readonly feedback: readonly EvaluatorItem[];
  readonly selection: readonly EvaluatorItem[];
  /** The best possible score. Null if it is unlimited. */
  readonly topScore: number | null;
  readonly random: Random;
  /** The number of requested answers so far. */
  answers(): number;
  /** In the order of the items. Throws `OutOfBudget`. */
  evaluate(program: Program, items: readonly EvaluatorItem[]): Promise<Outcome[]>;
  /** Throws `OutOfBudget`. */
  rewrite(asked: Rewrite): Promise<Rewritten>;
  /** An item as an example within a prompt; null when it cannot be written as one. */
  exampleOf(item: EvaluatorItem, answer: string): Promise<Example | null>;
  /** Writes down what was found by now. */
  found(pool: { readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] }): Promise<void>;
};

export type Refused = {
  readonly parents: readonly number[];
  readonly reason: string;
  readonly reflection: string;
  readonly before: number | null;
  readonly after: number | null;
};

/** The budget is used up. */
export class OutOfBudget extends Error {
  readonly stop: Exclude<OptimisationStop, "finished">;
  constructor(stop: Exclude<OptimisationStop, "finished">) {
    super(`The budget is used up: ${stop}`);
    this.stop = stop;
  }
}
