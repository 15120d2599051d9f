import { expect } from "vitest";
import {
  type Evaluation,
  type EvaluationOptions,
  evaluate as evaluateOn,
  type ScorerChoice,
} from "../evaluate/index.ts";
import { connection } from "./connection.ts";
import { sourceOfTests } from "./test-settings.ts";
import { type ToScoreOptions, toScore } from "./to-score.ts";

export {
  type Evaluation,
  EvaluationFailed,
  type EvaluationItem,
  ProviderErrors,
  type TaskAnswer,
} from "../evaluate/index.ts";
export type { ToScoreOptions } from "./to-score.ts";

declare module "vitest" {
  interface Matchers<T> {
    /** Scores the received answer (a text, or an object with `output`) by a kind or a stored scorer, and awaits a score within limits. */
    toScore(scorer: ScorerChoice, options?: ToScoreOptions): Promise<T>;
  }
}

expect.extend({ toScore });

/** Runs a program over items inside a test and prints the table; see `EvaluationOptions`. What did not pass throws, and fails the test. */
export async function evaluate(
  options: Omit<EvaluationOptions, "client"> & Partial<Pick<EvaluationOptions, "client">>,
): Promise<Evaluation> {
  const evaluation = await evaluateOn({ client: options.client ?? connection(), source: sourceOfTests(), ...options });
  console.log(evaluation.text);
  return evaluation;
}
