import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import type { Assignment } from "./assign-variant.ts";
import { findProvider } from "./find-provider.ts";
import { createRouter, type FindTarget, type RouteDeps, type Step, toStep } from "./route-call.ts";
import type { PlanCaller, PlannedTarget, Target } from "./target.ts";
import { unknownModel } from "./unknown-model.ts";

export type { HttpTarget, LocalTarget, PlanCaller, PlannedTarget, Target } from "./target.ts";

/** The targets of a call in the order of attempts, with the endpoint that names them. */
export type Plan = {
  readonly endpoint: ResolvedEndpoint | null;
  readonly targets: readonly [PlannedTarget, ...PlannedTarget[]];
  /** Why this variant of the endpoint; null without an endpoint. */
  readonly assignment: Assignment | null;
  /** How long the configuration caches answers. 0 turns the cache off. */
  readonly cacheSeconds: number;
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
export type ResolveDeps = RouteDeps & {
  readonly connections: ConnectionSource;
  readonly endpoints: EndpointSource;
  readonly models: LocalModels;
  readonly registered: RegisteredModels;
};
type Index = {
  readonly bySlug: ReadonlyMap<string, ResolvedConnection>;
  readonly byModel: ReadonlyMap<string, ResolvedConnection>;
};

/** Resolves the name of a model in a request to the targets that can answer. */
export function createModelResolver({ connections, endpoints, models, registered, ...deps }: ResolveDeps) {
  const router = createRouter(deps);
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

  type Request = { readonly projectId: string; readonly model: string; readonly find: FindTarget };
  type Routed = { readonly assignment: Assignment | null; readonly steps: readonly Step[] };

  async function route(
    { projectId, model, find: findTarget }: Request,
    endpoint: ResolvedEndpoint | null,
    caller: PlanCaller | undefined,
  ): Promise<Routed> {
    if (!caller) return { assignment: null, steps: plainSteps(model, endpoint) };
    const fromHeader = caller.fallbacks.map((name) => toStep({ name, isFromHeader: true }));
    if (endpoint) {
      const routing = { projectId, caller, find: findTarget };
      const routed = await router.assign(endpoint, routing);
      const steps = await router.stepsOf(endpoint, routed, routing);
      return { assignment: routed.assignment, steps: [...steps, ...fromHeader] };
    }
    if (caller.variant !== "") throw notEndpoint(model);
    return { assignment: null, steps: [toStep({ name: model }), ...fromHeader] };
  }

  return {
    /**
     * Throws `not_found` for an unknown name, `unprocessable` for an unknown variant, and `unavailable` or a similar error
     * when no model of the plan is ready. Without a caller, an endpoint stands for its heaviest variant.
     */
    async plan(projectId: string, model: string, caller?: PlanCaller): Promise<Plan> {
      const list = await connections.resolve(projectId);
      const endpointsByName = await endpoints.resolve(projectId);
      const endpoint = endpointsByName.get(model) ?? null;
      const index = indexOf(list);
      const findOnce = once((name) => find(projectId, name, index));
      const { assignment, steps } = await route({ projectId, model, find: findOnce }, endpoint, caller);
      const matches = await Promise.all(steps.map(({ name }) => findOnce(name)));
      // The existing names are needed only for the message about a missing one.
      const versions = matches.includes(undefined) ? await registered.names(projectId) : [];
      const existing = () => ({
        list,
        endpointsByName,
        local: [...models.listReady().map(({ modelId }) => modelId), ...versions],
      });
      const missing: AppError[] = [];
      const targets = steps.flatMap(({ name, variant, on, isFromHeader }, position) => {
        const target = matches[position];
        if (target) return [{ ...target, variant, on }];
        const absence = models.absence(name);
        const unknown = unknownModel(name, isFromHeader ? "header" : endpoint, existing());
        // A model that is still being pulled, or that was deleted from under an endpoint, is skipped.
        if (absence === null && (isFromHeader || !endpoint)) throw unknown;
        missing.push(absence ?? unknown);
        return [];
      });
      const [first, ...others] = endpoint ? withoutVariants(targets) : targets;
      if (!first) throw missing[0] ?? unknownModel(model, endpoint, existing());
      const primary = assignment?.variant ?? steps[0]?.variant;
      const cacheSeconds = primary?.cacheTtlSeconds ?? cacheSecondsOf(endpoint, first);
      return { endpoint, targets: [first, ...others], assignment, cacheSeconds };
    },
  };
}
export type ModelResolver = ReturnType<typeof createModelResolver>;

/** Without a caller: the heaviest variant of an endpoint and its fallbacks, or the model itself. */
function plainSteps(model: string, endpoint: ResolvedEndpoint | null): readonly Step[] {
  if (!endpoint) return [toStep({ name: model })];
  const variant = heaviest(endpoint);
  return [
    toStep({ name: variant.model, variant }),
    ...endpoint.fallbacks.map((fallback) => toStep({ name: fallback.model })),
  ];
}

const heaviest = ({ variants }: ResolvedEndpoint) =>
  variants.reduce((most, variant) => (variant.weight > most.weight ? variant : most));

/** If no variant has a model that exists, the variants count as unavailable, and the fallbacks after that class come first. */
function withoutVariants(targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  if (targets.some(({ variant }) => variant !== null)) return targets;
  const accepts = ({ on }: PlannedTarget) => on === null || on.includes("unavailable");
  const first = targets.filter(accepts).map((target) => ({ ...target, on: null }));
  return first.length === 0 ? [] : [...first, ...targets.filter((target) => !accepts(target))];
}

/** Each name is looked up once for a call. */
function once(find: FindTarget): FindTarget {
  const targets = new Map<string, ReturnType<FindTarget>>();
  return (name) => {
    const existing = targets.get(name);
    if (existing) return existing;
    const target = find(name);
    targets.set(name, target);
    return target;
  };
}

const notEndpoint = (model: string) =>
  new AppError("unprocessable", {
    message: `The header x-treadle-variant names a variant, but "${model}" is not an endpoint. Leave the header out, or call an endpoint.`,
    details: { param: "x-treadle-variant" },
  });

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
