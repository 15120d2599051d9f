import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { systemScope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import { createRolloutStore } from "../stores/rollout-store.ts";
import type { RolloutDeps } from "./deps.ts";
import { createEvaluation } from "./evaluate-rollout.ts";

export const EVALUATE_KIND: JobKind<object, null> = { name: "rollouts", payload: z.object({}), state: z.null() };

/** Looks at each rollout of a project that has an endpoint. A failure concerns its rollout alone, and is shown there. */
export function evaluateRollouts(deps: RolloutDeps): JobHandler<object, null> {
  const store = createRolloutStore(deps.db);
  const evaluate = createEvaluation(deps);
  return {
    async run({ scope: { projectId }, signal }) {
      const scope = systemScope(projectId);
      for (const row of await store.listOpen(projectId)) {
        signal.throwIfAborted();
        try {
          await evaluate(scope, row, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) deps.log.warn({ error, rolloutId: row.id }, "a rollout was not evaluated");
          const lastError = error instanceof AppError ? error.message.slice(0, 2_000) : UNREADABLE;
          await store.updateAt(row, { lastError });
        }
      }
      await deps.settle(projectId).catch((error) => deps.log.warn({ error }, "deployments were not settled"));
      return null;
    },
  };
}

const UNREADABLE =
  "The last evaluation failed. The rollout stays as it is and tries again. The server log has the cause.";
