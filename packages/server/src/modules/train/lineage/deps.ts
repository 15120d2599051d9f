import type {
  Dataset,
  DatasetVersion,
  Item,
  ItemRow,
  LineageRow,
  ModelLineage,
  ModelVersion,
  Rollout,
  SpanDetail,
  SpanSummary,
  TrainingRun,
} from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";

/** A dataset, or with a root just one version of it. */
export type DataPlace = { readonly datasetId: string; readonly root: string | null };
export type VersionPlace = { readonly name: string; readonly version: string };
type Made = { readonly name: string; readonly version: number; readonly runId: string | null };

export type NamedVersion = { readonly name: string; readonly version: number };
export type ServedRollout = Pick<
  Rollout,
  "rolloutId" | "candidate" | "control" | "state" | "reason" | "message" | "evidence" | "endedAt"
>;

/** The functions of other modules for the lineage. Each `get` throws `not_found` for deleted objects. */
export type LineageDeps = {
  readonly traces: {
    getSpan(scope: Scope, ids: { readonly traceId: string; readonly spanId: string }): Promise<SpanDetail>;
    /** The newest spans that one of these models answered, since a time. */
    listNewest(
      scope: Scope,
      asked: { readonly models: readonly string[]; readonly from: string; readonly limit: number },
    ): Promise<readonly Pick<SpanSummary, "responseModel" | "startTime">[]>;
  };
  readonly registry: {
    get(scope: Scope, place: VersionPlace): Promise<ModelVersion>;
    /** Aliases, endpoints and adapters of a version. */
    usesOf(scope: Scope, place: VersionPlace): Promise<ModelLineage>;
    listMadeOf(scope: Scope, data: DataPlace, limit: number): Promise<readonly Made[]>;
    findByRun(scope: Scope, runId: string): Promise<Omit<Made, "runId"> | undefined>;
  };
  readonly releases: {
    /** The rollout of this id. With an empty id, the promoted rollout that deployed the version on the endpoint. */
    findRollout(
      scope: Scope,
      call: { readonly rolloutId: string; readonly endpoint: string; readonly version: NamedVersion | null },
    ): Promise<ServedRollout | undefined>;
  };
  readonly training: {
    get(scope: Scope, trainingRunId: string): Promise<TrainingRun>;
    listMadeOf(scope: Scope, data: DataPlace, limit: number): Promise<readonly TrainingRun[]>;
    /** The use of one source's rows by a run, in their order. */
    usesOf(
      scope: Scope,
      place: {
        readonly run: Pick<TrainingRun, "trainingRunId" | "config" | "data">;
        readonly source: number;
        readonly splits: ReadonlySet<string | null>;
      },
      items: readonly Item[],
    ): Promise<readonly Pick<LineageRow, "use" | "reason">[]>;
    hasFile(scope: Scope, fileId: string): Promise<boolean>;
    splitsOfFile(scope: Scope, fileId: string, signal: AbortSignal): Promise<ReadonlySet<string | null>>;
    readFile(
      scope: Scope,
      fileId: string,
      place: { readonly offset: number; readonly limit: number; readonly signal: AbortSignal },
    ): Promise<Item[]>;
  };
  readonly datasets: {
    get(scope: Scope, datasetId: string): Promise<Pick<Dataset, "name">>;
    getVersion(scope: Scope, datasetId: string, at: string): Promise<DatasetVersion>;
    getItem(
      scope: Scope,
      place: { readonly datasetId: string; readonly itemId: string; readonly at: string },
    ): Promise<ItemRow>;
    /** Whole items of a version from a place on, in their order. */
    listItems(
      scope: Scope,
      datasetId: string,
      place: { readonly at: string; readonly from: number; readonly limit: number },
    ): Promise<readonly ItemRow[]>;
  };
};
