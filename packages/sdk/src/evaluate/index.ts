export { toTaskAnswer } from "./answer-items.ts";
export { evaluate } from "./evaluate.ts";
export type {
  Evaluation,
  EvaluationItem,
  EvaluationOptions,
  ScorerChoice,
  Task,
  TaskAnswer,
  ToolCall,
} from "./evaluation.ts";
export { EvaluationFailed, ProviderErrors } from "./evaluation-error.ts";
export { findScorers, scoreName } from "./find-scorers.ts";
export { type Environment, findSource, type Source, type SourceFlags } from "./find-source.ts";
export { type StartedServer, startServer } from "./start-server.ts";
