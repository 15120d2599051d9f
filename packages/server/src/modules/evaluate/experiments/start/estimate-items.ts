import type { ExperimentEstimate, ExperimentInput, Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDatasets, EvalDeps } from "../run/deps.ts";
import { estimateExperiment } from "./estimate-experiment.ts";

export type ItemsToEstimate = {
  readonly input: ExperimentInput;
  readonly items: readonly Item[];
  readonly signal: AbortSignal;
};

/** The estimate of an experiment over items that are stored nowhere. The dataset of the input is not read. */
export const estimateItems = (
  deps: EvalDeps,
  scope: Scope,
  { input, items, signal }: ItemsToEstimate,
): Promise<ExperimentEstimate> => estimateExperiment({ ...deps, datasets: datasetOf(items) }, scope, { input, signal });

function datasetOf(items: readonly Item[]): EvalDatasets {
  const manifest = { sha: "", root: "", rows: items.length, chunks: [] };
  return {
    get: async () => ({ name: "" }),
    openVersion: async () => ({ manifest }),
    listVersions: async () => [],
    findItems: async () => new Set(items.map(({ itemId }) => itemId)),
    async *readItems() {
      yield* items;
    },
  };
}
