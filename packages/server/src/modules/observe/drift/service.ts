import { systemScope } from "../../../kernel/scope.ts";
import { createInvestigations } from "./investigations.ts";
import { createDriftReads } from "./read-drift.ts";
import { createDriftJobs } from "./run/drift-jobs.ts";
import type { DriftDeps } from "./stores/deps.ts";
import { createWatchStore } from "./stores/watch-store.ts";
import { createWatchChanges } from "./watch-changes.ts";

/** Compares the texts of endpoints with frozen references every day, and opens investigations of confirmed changes. */
export function createDrift(deps: DriftDeps) {
  const jobs = createDriftJobs(deps);
  const reads = createDriftReads(deps);
  return {
    ...reads,
    ...createWatchChanges(deps, { jobs, reads }),
    ...createInvestigations(deps, jobs),
    /** The daily job, for tests that set the clock. */
    runDue: jobs.runDue,
    /** Queues the daily job of each project with an enabled watch: an older version ran none. */
    async start(): Promise<void> {
      for (const projectId of await createWatchStore(deps.db).listProjects())
        await deps.db.transaction((tx) => jobs.follow(systemScope(projectId), tx));
    },
  };
}
export type Drift = ReturnType<typeof createDrift>;
