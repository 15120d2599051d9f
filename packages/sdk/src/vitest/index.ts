import { expect } from "vitest";
import { toScore } from "./to-score.ts";

export {
  type Evaluation,
  EvaluationFailed,
  type EvaluationItem,
  ProviderErrors,
  type TaskAnswer,
} from "../evaluate/index.ts";
export { evaluate, type TestedEvaluation } from "./evaluate-in-test.ts";
export type { ToScoreOptions } from "./to-score.ts";

expect.extend({ toScore });
