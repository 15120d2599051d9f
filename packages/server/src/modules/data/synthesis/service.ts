import type { SynthesisInput, SynthesisPreview } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createGenerateItems, synthesisJob } from "./generate-items.ts";
import { checkInput, type WorkDeps } from "./open-work.ts";
import { createPreview } from "./preview-items.ts";
import { RECIPES } from "./recipes/index.ts";

export type SynthesisDeps = WorkDeps & {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};

/** Items of datasets that models write, through the gateway and within a budget. */
export function createSynthesis(deps: SynthesisDeps) {
  const { db, datasets, jobs, audit } = deps;
  const preview = createPreview(deps);
  jobs.register(synthesisJob, createGenerateItems(deps));
  return {
    async preview(
      scope: Scope,
      datasetId: string,
      { input, signal }: { input: SynthesisInput & { tries: number }; signal: AbortSignal },
    ): Promise<SynthesisPreview> {
      await checkInput({ datasets }, { scope, datasetId, input });
      return preview(scope, { datasetId, input, tries: input.tries, signal });
    },

    /** Gives the id of the job that does it. */
    async start(scope: Scope, datasetId: string, input: SynthesisInput): Promise<{ jobId: string }> {
      await checkInput({ datasets }, { scope, datasetId, input });
      const { name } = await datasets.get(scope, datasetId);
      const order = {
        kind: synthesisJob,
        payload: { datasetId, input },
        title: `Generate ${input.count} for ${name}: ${RECIPES[input.recipe].words}`.slice(0, 200),
        subject: datasetId,
      };
      return db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, order);
        const { branch, recipe, model, count, budget } = input;
        const details = { branch, recipe, model, count, budget, jobId };
        await audit.record(scope, { action: "dataset.generate", target: datasetId, details }, tx);
        return { jobId };
      });
    },
  };
}
export type Synthesis = ReturnType<typeof createSynthesis>;
