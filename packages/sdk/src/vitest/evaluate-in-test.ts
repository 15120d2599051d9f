import { type Evaluation, type EvaluationOptions, evaluate as evaluateOn } from "../evaluate/index.ts";
import { connection } from "./connection.ts";
import { sourceOfTests } from "./test-settings.ts";

/** The options of `evaluate`. The client defaults to the tests' server. */
export type TestedEvaluation = Omit<EvaluationOptions, "client"> & Partial<Pick<EvaluationOptions, "client">>;

/** Runs a program over items inside a test and prints the table; see `EvaluationOptions`. What did not pass throws, and fails the test. */
export async function evaluate(options: TestedEvaluation): Promise<Evaluation> {
  const evaluation = await evaluateOn({ client: options.client ?? connection(), source: sourceOfTests(), ...options });
  console.log(evaluation.text);
  return evaluation;
}
