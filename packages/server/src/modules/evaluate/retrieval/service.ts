import { createComparisons } from "./comparison/comparisons.ts";
import { createRunJob, retrievalJob } from "./runs/run-job.ts";
import { createRuns } from "./runs/runs.ts";
import { createStart } from "./runs/start-runs.ts";
import { createQuestionFiles } from "./sets/question-files.ts";
import { createQuestionSets } from "./sets/question-sets.ts";
import { createQuestions } from "./sets/questions.ts";
import type { RetrievalDeps } from "./stores/deps.ts";

/** Question sets of knowledge bases, and runs that measure how well a version finds their answers. */
export function createRetrieval(deps: RetrievalDeps) {
  deps.jobs.register(retrievalJob, createRunJob(deps));
  return {
    ...createQuestionSets(deps),
    ...createQuestions(deps),
    ...createQuestionFiles(deps),
    ...createStart(deps),
    ...createRuns(deps),
    ...createComparisons(deps),
  };
}
export type Retrieval = ReturnType<typeof createRetrieval>;
