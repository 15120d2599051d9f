import type { ChatRequest, Dataset, Item, PromptContent, PromptUse, RenderedPrompt } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Completion } from "../../../build/gateway/index.ts";
import type { ChosenGuards, GuardsToOpen } from "../../../build/guards/index.ts";
import type { Manifest } from "../../../data/datasets/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { createScorers } from "../../scorers/index.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";

type Scorers = ReturnType<typeof createScorers>;

/** A version of a dataset, and those that it was made from. */
export type VersionHead = {
  readonly number: number;
  readonly root: string;
  readonly parent: number | null;
  readonly mergedFrom: number | null;
};

/** The dataset functions. Each throws `not_found` for objects outside the project. */
export type EvalDatasets = {
  get(scope: Scope, datasetId: string): Promise<Pick<Dataset, "name">>;
  openVersion(scope: Scope, place: { datasetId: string; version: string }): Promise<{ manifest: Manifest }>;
  /** All of them, newest first. */
  listVersions(scope: Scope, datasetId: string): Promise<readonly VersionHead[]>;
  readItems(scope: Scope, manifest: Manifest, options?: { readonly signal?: AbortSignal }): AsyncIterable<Item>;
  /** The ids of the items that a filter finds. Throws `unavailable` while not all of them can be searched. */
  findItems(
    scope: Scope,
    place: { datasetId: string; version: string; filter: string },
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>>;
};

export type EvalPrompts = {
  use(scope: Scope, use: PromptUse): Promise<RenderedPrompt>;
  /** Fills a content that is stored nowhere. */
  preview(
    scope: Scope,
    draft: { content: PromptContent; inputs: Readonly<Record<string, unknown>> },
  ): Promise<RenderedPrompt>;
  /** The version that a name and a label or a number mean. */
  find(
    scope: Scope,
    choice: { name: string; label?: string | undefined; version?: number | undefined },
  ): Promise<{ version: number; model: string | null }>;
};

/** Asks a model; the headers are what a caller of the gateway could send. `guards` replace the policy that applies. */
export type Complete = (
  scope: Scope,
  request: ChatRequest,
  caller: {
    readonly signal: AbortSignal;
    readonly headers: Readonly<Record<string, string>>;
    readonly guards?: ChosenGuards | null;
  },
) => Promise<Completion>;

export type OpenChosenGuards = (scope: Scope, guards: GuardsToOpen) => Promise<ChosenGuards>;

export type BoundScorer = Awaited<ReturnType<Scorers["bind"]>>[number];

export type EvalDeps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly datasets: EvalDatasets;
  readonly prompts: EvalPrompts;
  readonly scorers: Pick<Scorers, "bind">;
  readonly complete: Complete;
  readonly openGuards: OpenChosenGuards;
  /** The price of a model's tokens from the price tables. Null if unknown. Throws `not_found` for an unknown model. */
  priceOf(
    projectId: string,
    asked: { readonly model: string; readonly inputTokens: number; readonly outputTokens: number },
  ): Promise<number | null>;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

/** Computes statistics without blocking requests. */
export type WithStatistics = { readonly statistics: Statistics };
