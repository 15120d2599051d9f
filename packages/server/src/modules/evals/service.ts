import type { EvalDeps } from "./deps.ts";
import { createExperiments } from "./experiments-service.ts";
import { createRuns } from "./runs-service.ts";

/** Experiments, their runs, and what can be said of them. */
export const createEvals = (deps: EvalDeps) => ({
  experiments: createExperiments(deps),
  runs: createRuns(deps),
});
export type Evals = ReturnType<typeof createEvals>;
