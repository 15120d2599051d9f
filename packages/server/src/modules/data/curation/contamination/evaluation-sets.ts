import type { Dataset } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvaluationSet } from "../step/step.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";

/** The representation of a whole dataset: its newest version, or the draft of a dataset without versions. */
export const newestOf = ({ latestVersion }: Pick<Dataset, "latestVersion">): string =>
  latestVersion === null ? "draft" : String(latestVersion);

/** The items of a dataset as they are now, to be read any number of times. */
export async function openEvaluationSet(
  datasets: CuratedDatasets,
  scope: Scope,
  dataset: Pick<Dataset, "datasetId" | "name" | "latestVersion">,
): Promise<EvaluationSet> {
  const { datasetId, name } = dataset;
  const { manifest } = await datasets.openVersion(scope, { datasetId, version: newestOf(dataset) });
  return { datasetId, name, read: () => datasets.readItems(scope, manifest) };
}

/** Every evaluation dataset of the project, except the given one. */
export const createEvaluationSets = (datasets: CuratedDatasets) => async (scope: Scope, datasetId: string) => {
  const marked = (await datasets.listAll(scope)).filter((other) => other.isEvaluation && other.datasetId !== datasetId);
  return Promise.all(marked.map((other) => openEvaluationSet(datasets, scope, other)));
};
