import type { Dataset, DraftStep, Item } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Manifest } from "../datasets/index.ts";

type Place = { readonly datasetId: string; readonly branch: string };
type Options = { readonly signal?: AbortSignal; readonly onRows?: (rows: number) => void };

/** What is needed of datasets. Each throws `not_found` for what is not in the project. */
export type SourceDatasets = {
  get(scope: Scope, datasetId: string): Promise<Pick<Dataset, "name" | "schema">>;
  openDraft(scope: Scope, place: Place): Promise<{ manifest: Manifest; revision: number }>;
  openVersion(scope: Scope, place: { datasetId: string; version: string }): Promise<{ manifest: Manifest }>;
  readItems(scope: Scope, manifest: Manifest, options?: Options): AsyncIterable<Item>;
  writeItems(scope: Scope, items: AsyncIterable<Item>, options?: Options): Promise<Manifest>;
  /** Throws `conflict` when the draft has moved on. */
  pushStep(
    scope: Scope,
    change: Place & {
      readonly expectedRevision: number;
      readonly step: Pick<DraftStep, "kind" | "summary" | "counts" | "recipe">;
      readonly manifest: Manifest;
    },
    tx: Postgres,
  ): Promise<{ revision: number }>;
};
