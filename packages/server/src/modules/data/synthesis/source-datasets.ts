import type { Dataset } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { CuratedDatasets } from "../curation/index.ts";
import type { Manifest } from "../datasets/index.ts";

/** The required dataset functions, fewer than for curation. Each throws `not_found` for objects outside the project. */
export type SourceDatasets = Pick<CuratedDatasets, "readItems" | "writeItems" | "pushStep"> & {
  get(scope: Scope, datasetId: string): Promise<Pick<Dataset, "name" | "schema">>;
  openDraft(
    scope: Scope,
    place: { readonly datasetId: string; readonly branch: string },
  ): Promise<{ manifest: Manifest; revision: number }>;
  openVersion(scope: Scope, place: { datasetId: string; version: string }): Promise<{ manifest: Manifest }>;
};
