import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Inference } from "../../platform/inference/port.ts";
import type { Jobs } from "../../platform/jobs/port.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { Connections } from "../connections/index.ts";
import type { Models } from "../models/index.ts";

/** An endpoint of the gateway that asks for a model, for the lineage. */
export type NamedEndpoint = { readonly id: string; readonly name: string; readonly models: readonly string[] };

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
  readonly listEndpoints: (scope: Scope) => Promise<readonly NamedEndpoint[]>;
  /** The names of people and API keys by their ids. */
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Where files that are served, and downloads that are not whole yet, lie. */
  readonly folder: string;
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
};
export type StoreDeps = Pick<RegistryDeps, "db" | "audit" | "clock" | "namesOf">;
