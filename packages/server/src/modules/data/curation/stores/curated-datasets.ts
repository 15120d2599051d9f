import type { Dataset, DraftStep, Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Manifest } from "../../datasets/index.ts";

type Place = { readonly datasetId: string; readonly branch: string };
type Options = { readonly signal?: AbortSignal; readonly onRows?: (rows: number) => void };

/** The dataset functions for curation. Each throws `not_found` for objects outside the project. */
export type CuratedDatasets = {
  get(scope: Scope, datasetId: string): Promise<Dataset>;
  /** Every dataset of the project. */
  listAll(scope: Scope): Promise<readonly Dataset[]>;
  openDraft(scope: Scope, place: Place): Promise<{ manifest: Manifest; revision: number; secret: Uint8Array }>;
  /** Any place a caller can name: a version, a tag, a branch, a draft. With the changes it is made of. */
  openVersion(
    scope: Scope,
    place: { datasetId: string; version: string },
  ): Promise<{ manifest: Manifest; steps: readonly DraftStep[] }>;
  readItems(scope: Scope, manifest: Manifest, options?: Options): AsyncIterable<Item>;
  writeItems(scope: Scope, items: AsyncIterable<Item>, options?: Options): Promise<Manifest>;
  /** Puts a step on the draft, by compare-and-set. Throws `conflict` when the draft has moved on. */
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
