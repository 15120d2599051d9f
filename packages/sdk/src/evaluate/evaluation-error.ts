import type { Evaluation } from "./evaluation.ts";

/** An evaluation that did not pass: a regression, a score below its floor, or, if requested, an inconclusive result. */
export class EvaluationFailed extends Error {
  readonly evaluation: Evaluation;

  constructor(evaluation: Evaluation) {
    super(evaluation.text);
    this.name = "EvaluationFailed";
    this.evaluation = evaluation;
  }
}

/** Nothing was found out: too many answers never came, or a scorer failed. It is no verdict about the program under test. */
export class ProviderErrors extends Error {
  readonly evaluation: Evaluation | null;

  constructor(message: string, evaluation: Evaluation | null = null) {
    super(message);
    this.name = "ProviderErrors";
    this.evaluation = evaluation;
  }
}
