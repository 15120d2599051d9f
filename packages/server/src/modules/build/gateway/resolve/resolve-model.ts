import type { Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import type { Assignment } from "./assign-variant.ts";
import { createTargetFinder, type LocalModels, type RegisteredModels } from "./find-target.ts";
import { createRouter, type RouteDeps, type Step, toStep } from "./route-call.ts";
import type { FindTarget, PlanCaller, PlannedTarget, Target } from "./target.ts";
import { unknownModel } from "./unknown-model.ts";

export type { LocalModels, RegisteredModels } from "./find-target.ts";
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
export type ResolveDeps = RouteDeps & {
  readonly connections: ConnectionSource;
  readonly endpoints: EndpointSource;
  readonly models: LocalModels;
  readonly registered: RegisteredModels;
};
type Request = { readonly projectId: string; readonly model: string; readonly find: FindTarget };
type Routed = { readonly assignment: Assignment | null; readonly steps: readonly Step[] };

/** Resolves the name of a model in a request to the targets that can answer. */
export function createModelResolver({ connections, endpoints, models, registered, ...deps }: ResolveDeps) {
  const router = createRouter(deps);
  const finderOf = createTargetFinder({ models, registered });

  async function route(
    { projectId, model, find }: Request,
    endpoint: ResolvedEndpoint | null,
    caller: PlanCaller | undefined,
  ): Promise<Routed> {
    if (!caller) return { assignment: null, steps: plainSteps(model, endpoint) };
    const fromHeader = caller.fallbacks.map((name) => toStep({ name, isFromHeader: true }));
    if (endpoint) {
      const routing = { projectId, caller, find };
      const routed = await router.assign(endpoint, routing);
      const steps = await router.stepsOf(endpoint, routed, routing);
      return { assignment: routed.assignment, steps: [...steps, ...fromHeader] };
    }
    if (caller.variant !== "") throw notEndpoint(model);
    return { assignment: null, steps: [toStep({ name: model }), ...fromHeader] };
  }

  return {
    /** Whether a name is that of an endpoint. Any other name is a model. */
    isEndpoint: async (projectId: string, name: string): Promise<boolean> =>
      (await endpoints.resolve(projectId)).has(name),
    /**
     * Throws `not_found` for an unknown name, `unprocessable` for an unknown variant, and `unavailable` or a similar error
     * when no model of the plan is ready. Without a caller, an endpoint stands for its heaviest variant.
     */
    async plan(projectId: string, model: string, caller?: PlanCaller): Promise<Plan> {
      const list = await connections.resolve(projectId);
      const endpointsByName = await endpoints.resolve(projectId);
      const endpoint = endpointsByName.get(model) ?? null;
      const find = finderOf(projectId, list);
      const { assignment, steps } = await route({ projectId, model, find }, endpoint, caller);
      const matches = await Promise.all(steps.map(({ name }) => find(name)));
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

/** The heaviest variant of the lowest priority that has a weight. */
const heaviest = ({ variants }: ResolvedEndpoint) =>
  variants.reduce((most, variant) => (comesBefore(variant, most) ? variant : most));

function comesBefore(one: Variant, other: Variant): boolean {
  if (one.weight === 0 || other.weight === 0) return one.weight > other.weight;
  return one.priority === other.priority ? one.weight > other.weight : one.priority < other.priority;
}

/** If no variant has a model that exists, the variants count as unavailable, and the fallbacks after that class come first. */
function withoutVariants(targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  if (targets.some(({ variant }) => variant !== null)) return targets;
  const accepts = ({ on }: PlannedTarget) => on === null || on.includes("unavailable");
  const first = targets.filter(accepts).map((target) => ({ ...target, on: null }));
  return first.length === 0 ? [] : [...first, ...targets.filter((target) => !accepts(target))];
}

const notEndpoint = (model: string) =>
  new AppError("unprocessable", {
    message: `The header x-treadle-variant names a variant, but "${model}" is not an endpoint. Leave the header out, or call an endpoint.`,
    details: { param: "x-treadle-variant" },
  });

const cacheSecondsOf = (endpoint: ResolvedEndpoint | null, first: Target): number =>
  endpoint?.cacheTtlSeconds || (first.kind === "http" ? first.connection.cacheTtlSeconds : 0);
