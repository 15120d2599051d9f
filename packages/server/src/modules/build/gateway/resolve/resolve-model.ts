import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import type { Provider } from "../providers/provider.ts";
import { type Assignment, assignVariant, type Units } from "./assign-variant.ts";
import { findProvider } from "./find-provider.ts";
import { createConversations } from "./keep-conversations.ts";
import { unknownModel } from "./unknown-model.ts";

/** A model that can answer. `name` is its name in the header `x-treadle-model`, `model` its name at the provider or in the engine. */
export type Target =
  | {
      readonly kind: "http";
      readonly name: string;
      readonly model: string;
      readonly connection: ResolvedConnection;
      readonly provider: Provider;
    }
  | { readonly kind: "local"; readonly name: string; readonly model: string };
export type HttpTarget = Extract<Target, { kind: "http" }>;
export type LocalTarget = Extract<Target, { kind: "local" }>;

/** The targets of a call in the order of attempts, with the endpoint that names them. */
export type Plan = {
  readonly endpoint: ResolvedEndpoint | null;
  readonly targets: readonly [Target, ...Target[]];
  /** Why this variant of the endpoint; null without an endpoint. */
  readonly assignment: Assignment | null;
  /** How long the configuration caches answers. 0 turns the cache off. */
  readonly cacheSeconds: number;
};

/** The wishes of a caller, and what keeps its variant. */
export type PlanCaller = {
  readonly fallbacks: readonly string[];
  /** The variant that the caller wants; empty for none. */
  readonly variant: string;
  readonly units: Units;
};

export type ConnectionSource = { resolve(projectId: string): Promise<readonly ResolvedConnection[]> };
export type EndpointSource = { resolve(projectId: string): Promise<ReadonlyMap<string, ResolvedEndpoint>> };
export type LocalModels = {
  isLocal(modelId: string): boolean;
  /** Why a model of this machine cannot answer now. Null for any other name. */
  absence(modelId: string): AppError | null;
  listReady(): readonly { readonly modelId: string }[];
};
/** `connection` is the slug of the connection that serves the version; null for this machine. */
export type RegisteredModel = { readonly model: string; readonly name: string; readonly connection: string | null };
/** Versions of the project's registry that are served on this machine or through a connection. */
export type RegisteredModels = {
  /** Null for a name that is not in the registry. */
  resolve(projectId: string, name: string): Promise<RegisteredModel | null>;
  names(projectId: string): Promise<readonly string[]>;
};
export type ResolveDeps = {
  readonly connections: ConnectionSource;
  readonly endpoints: EndpointSource;
  readonly models: LocalModels;
  readonly registered: RegisteredModels;
  readonly clock: Pick<Clock, "elapsed">;
};
type Index = {
  readonly bySlug: ReadonlyMap<string, ResolvedConnection>;
  readonly byModel: ReadonlyMap<string, ResolvedConnection>;
};

/** Resolves the name of a model in a request to the targets that can answer. */
export function createModelResolver({ connections, endpoints, models, registered, clock }: ResolveDeps) {
  const conversations = createConversations(clock);
  const indexes = new WeakMap<readonly ResolvedConnection[], Index>();

  function indexOf(list: readonly ResolvedConnection[]): Index {
    const existing = indexes.get(list);
    if (existing) return existing;
    const usable = list.filter(({ isEnabled }) => isEnabled);
    const index = {
      bySlug: new Map(usable.map((connection) => [connection.slug, connection])),
      // If two connections offer the same name, the older one serves it.
      byModel: new Map(
        usable.toReversed().flatMap((connection) => connection.models.map((model) => [model, connection] as const)),
      ),
    };
    indexes.set(list, index);
    return index;
  }

  /** A name that is not an endpoint: a local id, a registered version, `slug/model`, or a name that a connection offers. */
  async function find(projectId: string, name: string, { bySlug, byModel }: Index): Promise<Target | undefined> {
    if (models.isLocal(name)) return { kind: "local", name, model: name };
    const version = name.includes("/") ? null : await registered.resolve(projectId, name);
    if (version) return toRegistered(version, bySlug);
    const slash = name.indexOf("/");
    const connection = slash > 0 ? bySlug.get(name.slice(0, slash)) : undefined;
    if (connection && slash < name.length - 1) return toTarget(connection, name.slice(slash + 1));
    const offering = byModel.get(name);
    return offering && toTarget(offering, name);
  }

  function assign(model: string, endpoint: ResolvedEndpoint | null, { units, variant }: PlanCaller): Assignment | null {
    if (endpoint) return conversations.keep(endpoint, units, assignVariant(endpoint, units, variant));
    if (variant === "") return null;
    throw new AppError("unprocessable", {
      message: `The header x-treadle-variant names a variant, but "${model}" is not an endpoint. Leave the header out, or call an endpoint.`,
      details: { param: "x-treadle-variant" },
    });
  }

  return {
    /**
     * Throws `not_found` for an unknown name, `unprocessable` for an unknown variant, and `unavailable` or a similar error
     * when no model of the plan is ready. Without a caller, an endpoint stands for its heaviest variant.
     */
    async plan(projectId: string, model: string, caller?: PlanCaller): Promise<Plan> {
      const list = await connections.resolve(projectId);
      const endpointsByName = await endpoints.resolve(projectId);
      const index = indexOf(list);
      const endpoint = endpointsByName.get(model) ?? null;
      const assignment = caller ? assign(model, endpoint, caller) : null;
      const primary = assignment?.variant ?? (endpoint && heaviest(endpoint));
      const configured = [primary?.model ?? model, ...(endpoint?.fallbacks ?? [])];
      const names = [...configured, ...(caller?.fallbacks ?? [])];
      const matches = await Promise.all(names.map((name) => find(projectId, name, index)));
      // The existing names are needed only for the message about a missing one.
      const versions = matches.includes(undefined) ? await registered.names(projectId) : [];
      const existing = () => ({
        list,
        endpointsByName,
        local: [...models.listReady().map(({ modelId }) => modelId), ...versions],
      });
      const missing: AppError[] = [];
      const targets = names.flatMap((name, position) => {
        const target = matches[position];
        if (target) return [target];
        const absence = models.absence(name);
        const isFromHeader = position >= configured.length;
        const unknown = unknownModel(name, isFromHeader ? "header" : endpoint, existing());
        // A model that is still being pulled, or that was deleted from under an endpoint, is skipped.
        if (absence === null && (isFromHeader || !endpoint)) throw unknown;
        missing.push(absence ?? unknown);
        return [];
      });
      const [first, ...others] = targets;
      if (!first) throw missing[0] ?? unknownModel(model, endpoint, existing());
      const cacheSeconds = primary?.cacheTtlSeconds ?? cacheSecondsOf(endpoint, first);
      return { endpoint, targets: [first, ...others], assignment, cacheSeconds };
    },
  };
}
export type ModelResolver = ReturnType<typeof createModelResolver>;

const heaviest = ({ variants }: ResolvedEndpoint) =>
  variants.reduce((most, variant) => (variant.weight > most.weight ? variant : most));

const cacheSecondsOf = (endpoint: ResolvedEndpoint | null, first: Target): number =>
  endpoint?.cacheTtlSeconds || (first.kind === "http" ? first.connection.cacheTtlSeconds : 0);

const toTarget = (connection: ResolvedConnection, model: string): Target => ({
  kind: "http",
  name: `${connection.slug}/${model}`,
  model,
  connection,
  provider: findProvider(connection.provider),
});

/** A registered version by its public name. Undefined when its connection was disabled a moment ago. */
function toRegistered({ name, model, connection: slug }: RegisteredModel, bySlug: Index["bySlug"]): Target | undefined {
  if (slug === null) return { kind: "local", name, model };
  const connection = bySlug.get(slug);
  return connection && { ...toTarget(connection, model), name };
}
