import { createAnalysis } from "./analysis-service.ts";
import { createBisects } from "./bisect/bisects-service.ts";
import type { EvalDeps } from "./deps.ts";
import { createExperiments } from "./experiments-service.ts";
import { createGates } from "./gate/gates-service.ts";
import { createJudgedScores } from "./judged-scores.ts";
import { createJudgings } from "./pairwise/judgings-service.ts";
import { createReports } from "./reports/reports-service.ts";
import { createRuns } from "./runs-service.ts";
import { createStatistics } from "./statistics/statistics-thread.ts";

/** Experiments, their runs, and what can be said of them. */
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
    judged: createJudgedScores(deps.db, runs.find),
    /** Has statistics computed where they hold up nobody. */
    ask: statistics.ask,
    close: statistics.close,
  };
}
export type Evals = ReturnType<typeof createEvals>;
