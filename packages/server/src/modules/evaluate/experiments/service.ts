import { createBisects } from "./bisect/bisects-service.ts";
import { createGates } from "./gate/gates-service.ts";
import { createJudgings } from "./pairwise/judgings-service.ts";
import { createReports } from "./reports/reports-service.ts";
import { createAnalysis } from "./results/analysis-service.ts";
import { createJudgedScores } from "./results/judged-scores.ts";
import { createOutcomes } from "./results/outcomes.ts";
import { createReplayed } from "./results/replayed-service.ts";
import { createRuns } from "./results/runs-service.ts";
import type { EvalDeps } from "./run/deps.ts";
import { createExperiments } from "./start/experiments-service.ts";
import { createStatistics } from "./statistics/statistics-thread.ts";

/** Experiments, their runs, and reports on them. */
export function createEvals(deps: EvalDeps) {
  const statistics = createStatistics();
  const runs = createRuns({ ...deps, statistics });
  const analysis = createAnalysis({ ...deps, statistics, find: runs.find });
  return {
    experiments: createExperiments({ ...deps, statistics }),
    runs,
    analysis,
    bisects: createBisects({ ...deps, statistics, find: runs.find, named: analysis.named }),
    judgings: createJudgings({ ...deps, statistics, named: analysis.named }),
    gates: createGates({ ...deps, statistics, named: analysis.named }),
    reports: createReports({ runs, analysis }),
    replayed: createReplayed(deps),
    judged: createJudgedScores(deps.db, runs.find),
    outcomes: createOutcomes(deps.db),
    /** Computes statistics without blocking requests. */
    ask: statistics.ask,
    close: statistics.close,
  };
}
export type Evals = ReturnType<typeof createEvals>;
