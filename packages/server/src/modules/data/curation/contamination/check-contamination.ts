import type { ContaminationFlag, Dataset } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { inBatches } from "../step/row-step.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { createCurationStore } from "../stores/store.ts";
import { newestOf, openEvaluationSet } from "./evaluation-sets.ts";
import { CONTAMINATION_DEFAULTS, openContamination } from "./find-contamination.ts";

const Payload = z.object({ evaluationDatasetId: z.string() });
type Payload = z.output<typeof Payload>;
/** Datasets checked so far. */
const State = z.object({ checked: z.array(z.string()) });
type State = z.output<typeof State>;

export const contaminationJob: JobKind<Payload, State> = {
  name: "contamination-check",
  payload: Payload,
  state: State,
};

export type ContaminationDeps = {
  readonly db: Postgres;
  readonly datasets: CuratedDatasets;
  readonly clock: Clock;
};
type Checking = Awaited<ReturnType<typeof openContamination>>;

const SAMPLES = 20;

/** Searches every other dataset for items of a new evaluation dataset, and records the findings with each. */
export const createCheckContamination = (deps: ContaminationDeps): JobHandler<Payload, State> => ({
  async run(run) {
    const { scope, signal } = run;
    const { evaluationDatasetId } = run.payload;
    const set = await openEvaluationSet(deps.datasets, scope, await deps.datasets.get(scope, evaluationDatasetId));
    const others = (await deps.datasets.listAll(scope)).filter(({ datasetId }) => datasetId !== evaluationDatasetId);
    const checked = [...(run.state?.checked ?? [])];
    const checking = await openContamination({ sets: [set], params: CONTAMINATION_DEFAULTS, signal });
    try {
      for (const dataset of others) {
        if (checked.includes(dataset.datasetId)) continue;
        run.report({ done: checked.length, total: others.length, unit: "datasets", message: dataset.name });
        await noteContamination(deps, { run, checking, dataset, evaluationDatasetId });
        checked.push(dataset.datasetId);
        await run.save({ checked });
      }
    } finally {
      await checking.close();
    }
    return { datasets: others.length };
  },
});

type One = {
  readonly run: Pick<JobRun<unknown, unknown>, "scope" | "signal">;
  readonly checking: Checking;
  readonly dataset: Dataset;
  readonly evaluationDatasetId: string;
};

/** Counts the newest items of a dataset that leak an evaluation dataset, and replaces the earlier counts. */
export async function noteContamination(
  { db, datasets, clock }: ContaminationDeps,
  { run: { scope, signal }, checking, dataset, evaluationDatasetId }: One,
): Promise<void> {
  const { datasetId, latestVersion } = dataset;
  const { manifest } = await datasets.openVersion(scope, { datasetId, version: newestOf(dataset) });
  const samples: ContaminationFlag["samples"] = [];
  let contaminated = 0;
  for await (const items of inBatches(datasets.readItems(scope, manifest, { signal }))) {
    const matches = await checking.check(items);
    for (const [index, item] of items.entries()) {
      const given = matches[index];
      if (!given) continue;
      contaminated++;
      if (samples.length >= SAMPLES) continue;
      samples.push({ itemId: item.itemId, evaluationItemId: given.itemId, overlap: given.overlap, rule: given.rule });
    }
  }
  await createCurationStore(db).saveFlag({
    projectId: scope.projectId,
    datasetId,
    evaluationDatasetId,
    version: latestVersion,
    rows: manifest.rows,
    contaminated,
    samples,
    checkedAt: new Date(clock.now()),
  });
}
