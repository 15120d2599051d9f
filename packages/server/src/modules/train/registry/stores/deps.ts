import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Connections } from "../../../build/connections/index.ts";
import type { ModelFolders, Models } from "../../../build/models/index.ts";
import type { Audit } from "../../../system/audit/index.ts";

/** An endpoint of the gateway that uses a model, for the lineage. */
export type NamedEndpoint = { readonly id: string; readonly name: string; readonly models: readonly string[] };

/** A move of an alias. `from` is the version that answers now; null for none. */
export type AliasChange = {
  readonly model: string;
  readonly alias: string;
  readonly from: number | null;
  readonly to: number;
  readonly reason: string;
};
type AliasPlace = Pick<AliasChange, "model" | "alias">;

/** How moves of aliases reach the endpoints that use them. */
export type AliasChanges = {
  /**
   * Starts the rollouts that the project requires for a move. Null if the alias may move immediately. Throws `conflict`
   * while another move of the alias waits, or if a rollout cannot start.
   */
  begin(
    scope: Scope,
    change: AliasChange,
  ): Promise<{ readonly deploymentId: string; readonly rolloutIds: string[] } | null>;
  /** Throws `conflict` while a move of the alias waits for rollouts. */
  checkIdle(scope: Scope, place: AliasPlace): Promise<void>;
  /** Whether a move has to wait for rollouts. */
  isRequired(scope: Scope, place: AliasPlace): Promise<boolean>;
};

export type RegistryDeps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly inference: Pick<
    Inference,
    | "inspect"
    | "inspectAdapter"
    | "inspectOnnx"
    | "whyNoOnnx"
    | "kindOf"
    | "register"
    | "registerAdapter"
    | "registerOnnx"
    | "isRegistered"
    | "unregister"
    | "list"
  >;
  readonly outbound: Pick<Outbound, "dispatch" | "request">;
  readonly audit: Pick<Audit, "record">;
  readonly models: Pick<Models, "isLocal" | "whereIs" | "withFile">;
  readonly connections: Pick<Connections, "resolve">;
  readonly aliasChanges: AliasChanges;
  readonly listEndpoints: (scope: Scope) => Promise<readonly NamedEndpoint[]>;
  /** The names of people and API keys by their ids. */
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The people behind users and API keys by their ids. A key of no known person is its own id. */
  readonly peopleOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Where files that are served, and downloads that are not whole yet, lie. */
  readonly folder: string;
  /** Where callers may name files of the server's machine. */
  readonly modelFolders: ModelFolders;
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
};
export type StoreDeps = Pick<RegistryDeps, "db" | "audit" | "clock" | "namesOf">;
