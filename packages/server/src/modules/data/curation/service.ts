import type {
  CurationApplyInput,
  CurationChoice,
  CurationPreview,
  CurationPreviewInput,
  CurationStep,
} from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Models } from "../../build/models/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createApplySteps, curationJob } from "./apply/apply-steps.ts";
import { describeSteps } from "./apply/describe-steps.ts";
import { createPreview } from "./apply/preview-step.ts";
import { recipeOf } from "./apply/recipe.ts";
import { chooseStep } from "./apply/run-step.ts";
import { createStepTools } from "./apply/step-tools.ts";
import { createContamination } from "./contamination/contamination-service.ts";
import { createEvaluationSets } from "./contamination/evaluation-sets.ts";
import { createReports } from "./report/reports-service.ts";
import type { CuratedDatasets } from "./stores/curated-datasets.ts";
import { createTextThread } from "./texts/text-thread.ts";

export type CurationDeps = {
  readonly db: Postgres;
  readonly datasets: CuratedDatasets;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly inference: Pick<Inference, "embed" | "countTokens">;
  readonly embeddingModelId: string;
  readonly prices: Pick<Models["prices"], "cost">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
type Place = { readonly datasetId: string; readonly version: string };

/** Cleans the items of a draft step by step, and measures the quality of any version. */
export function createCuration(deps: CurationDeps) {
  const { db, datasets, jobs, audit } = deps;
  const thread = createTextThread();
  const toolsFor = createStepTools({ ...deps, thread, evaluationSets: createEvaluationSets(datasets) });
  const preview = createPreview({ datasets, toolsFor });
  jobs.register(curationJob, createApplySteps({ db, datasets, toolsFor }));

  async function recipe(scope: Scope, place: Place): Promise<CurationChoice[]> {
    return recipeOf((await datasets.openVersion(scope, place)).steps);
  }
  /** The request with checked parameters and all defaults filled in. */
  async function chooseSteps(scope: Scope, { steps, recipeOf: from }: CurationApplyInput): Promise<CurationChoice[]> {
    if ((steps === undefined) === (from === undefined))
      throw new AppError("invalid_request", {
        message: "Send either `steps` or `recipeOf`.",
        details: { param: "steps" },
      });
    const chosen = steps ?? (from ? await recipe(scope, from) : []);
    if (chosen.length === 0)
      throw new AppError("unprocessable", { message: "This version has no recipe, because it was not curated." });
    return chosen.map((choice, place) => {
      const { step, params } = chooseStep(choice, `steps.${place}`);
      return { stepId: step.id, params };
    });
  }

  return {
    listSteps: (): CurationStep[] => describeSteps(),
    preview: (
      scope: Scope,
      datasetId: string,
      call: { input: CurationPreviewInput; signal: AbortSignal },
    ): Promise<CurationPreview> => preview(scope, { datasetId, ...call }),
    recipe: async (scope: Scope, place: Place) => ({ steps: await recipe(scope, place) }),

    /** Returns the id of the job. Throws `conflict` when the draft has changed since the user saw it. */
    async apply(scope: Scope, datasetId: string, input: CurationApplyInput): Promise<{ jobId: string }> {
      const { branch, expectedRevision } = input;
      const steps = await chooseSteps(scope, input);
      const { name } = await datasets.get(scope, datasetId);
      const { revision } = await datasets.openDraft(scope, { datasetId, branch });
      if (expectedRevision !== undefined && expectedRevision !== revision)
        throw new AppError("conflict", {
          message: `The draft of ${branch} is at revision ${revision}, not at ${expectedRevision}. Reload the draft, then try again.`,
          details: { revision },
        });
      const order = {
        kind: curationJob,
        payload: { datasetId, branch, revision, steps },
        title: `Curate ${name}: ${steps.map(({ stepId }) => stepId).join(", ")}`.slice(0, 200),
        subject: datasetId,
      };
      return db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, order);
        const details = { branch, steps: steps.map(({ stepId }) => stepId), jobId };
        await audit.record(scope, { action: "dataset.curate", target: datasetId, details }, tx);
        return { jobId };
      });
    },

    ...createContamination(deps),
    ...createReports({ ...deps, thread, toolsFor }),
    close: () => thread.close(),
  };
}
export type Curation = ReturnType<typeof createCuration>;
