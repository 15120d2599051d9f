import type { OptimisationCandidate, OptimisationStop } from "@treadle/contract";
import type { Random } from "@treadle/metrics";
import type { Example, Program } from "./program.ts";

export type LabItem = {
  readonly itemId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
};

/** What became of an item. A score is turned so that more is better; null is a score that does not exist, and never 0. */
export type Outcome = {
  readonly itemId: string;
  readonly score: number | null;
  /** What the scorers say of the answer, or why there is none. */
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
  /** Which of its texts is written anew. */
  readonly at: number;
  readonly seen: readonly { readonly item: LabItem; readonly outcome: Outcome }[];
};
export type Rewritten =
  | { readonly kind: "text"; readonly text: string; readonly reflection: string }
  | { readonly kind: "refused"; readonly reason: string; readonly reflection: string };

/** What a method searches with. Whatever it asks is kept, so that the same search after a restart asks nothing twice. */
export type Lab = {
  readonly seed: Program;
  readonly feedback: readonly LabItem[];
  readonly selection: readonly LabItem[];
  /** The best that a score can be; null when there is no end. */
  readonly topScore: number | null;
  readonly random: Random;
  /** Answers that were asked for by now. */
  answers(): number;
  /** In the order of the items. Throws `OutOfBudget`. */
  evaluate(program: Program, items: readonly LabItem[]): Promise<Outcome[]>;
  /** Throws `OutOfBudget`. */
  rewrite(asked: Rewrite): Promise<Rewritten>;
  /** An item as an example within a prompt; null when it cannot be written as one. */
  exampleOf(item: LabItem, answer: string): Promise<Example | null>;
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
