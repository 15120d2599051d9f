import { z } from "zod";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import { type ContaminationDeps, noteContamination } from "./check-contamination.ts";
import { createEvaluationSets } from "./evaluation-sets.ts";
import { CONTAMINATION_DEFAULTS, openContamination } from "./find-contamination.ts";

const Payload = z.object({ datasetId: z.string() });
type Payload = z.output<typeof Payload>;
/** Evaluation datasets checked so far. */
const State = z.object({ checked: z.array(z.string()) });
type State = z.output<typeof State>;

export const versionCheckJob: JobKind<Payload, State> = {
  name: "contamination-of-version",
  payload: Payload,
  state: State,
};

/** Looks in one dataset, as it is now, for the items of every dataset that is marked as evaluation, one after the other. */
export const createCheckVersion = (deps: ContaminationDeps): JobHandler<Payload, State> => ({
  async run(run) {
    const { scope, signal, payload } = run;
    const dataset = await deps.datasets.get(scope, payload.datasetId);
    const sets = await createEvaluationSets(deps.datasets)(scope, payload.datasetId);
    const checked = [...(run.state?.checked ?? [])];
    for (const set of sets) {
      if (checked.includes(set.datasetId)) continue;
      run.report({ done: checked.length, total: sets.length, unit: "datasets", message: set.name });
      const checking = await openContamination({ sets: [set], params: CONTAMINATION_DEFAULTS, signal });
      try {
        await noteContamination(deps, { run, checking, dataset, evaluationDatasetId: set.datasetId });
      } finally {
        await checking.close();
      }
      checked.push(set.datasetId);
      await run.save({ checked });
    }
    return { datasets: sets.length };
  },
});
