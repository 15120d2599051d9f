import type { GroundCall } from "./ground/ground-call.ts";
import type { GuardStage } from "./guard/call-guard.ts";
import { createGuarding, type Guarding } from "./guard/guarding.ts";
import type { Checked } from "./guard/request-guard.ts";
import { type Call, rerouted } from "./request/read-call.ts";
import { checkAllowed } from "./resolve/allowed-models.ts";
import { type ShapeByVariant, shaperOf } from "./resolve/apply-variant.ts";
import type { ModelResolver, Plan, PlanCaller } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

type Deps = {
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly guards: GuardStage;
  readonly ground: GroundCall;
};
/** A call before it is answered. */
export type Prepared = {
  /** As its guards let it through, and without its content if they could not be found. */
  readonly call: Call;
  /** Null if the model could not be resolved. */
  readonly plan: Plan | null;
  readonly guarding: Guarding | null;
  /** Why the call must not be sent; undefined for a call that can be. */
  readonly error: unknown;
};
export type Ready = Prepared & { readonly plan: Plan; readonly guarding: Guarding };

/**
 * Resolves the model of a call, shapes the request by its variant and checks it under its guards. A guard may send it to another
 * model, where it is checked again and stays. Never throws.
 */
export function createPrepareCall({ resolver, ...deps }: Deps) {
  const prepareOnce = createPrepareOnce({ resolver, ...deps });

  return async (arrived: Call, wishes: Partial<PlanCaller> = {}): Promise<Prepared> => {
    const { reroute, ...prepared } = await prepareOnce(arrived, wishes);
    if (!reroute || reroute.target === arrived.request.model) return prepared;
    const { target, kinds, shaped } = reroute;
    const checks = prepared.guarding?.current()?.stages() ?? [];
    const why = { from: arrived.request.model, by: prepared.call.guardedBy, kinds, checks };
    const isEndpoint = await resolver.isEndpoint(arrived.scope.projectId, target);
    // A model gets the prompt and the parameters of the variant that it replaces. An endpoint has its own.
    const { reroute: _, ...again } = await prepareOnce(rerouted(isEndpoint ? arrived : shaped, target, why), wishes);
    return again;
  };
}
export type PrepareCall = ReturnType<typeof createPrepareCall>;

function createPrepareOnce({ resolver, shapeByVariant, guards, ground }: Deps) {
  async function planOf(call: Call, wishes: Partial<PlanCaller>): Promise<Plan> {
    const { scope, request } = call;
    const plan = await resolver.plan(scope.projectId, request.model, { ...planCallerOf(call), ...wishes });
    return withOwnDraw(call, plan);
  }

  return async function prepareOnce(arrived: Call, wishes: Partial<PlanCaller>): Promise<Checking> {
    let planned: Plan | null = null;
    let guarding: Guarding | null = null;
    try {
      planned = await planOf(arrived, wishes);
      checkAllowed(arrived, planned);
      const shape = shaperOf(shapeByVariant, arrived, planned);
      guarding = createGuarding({ guards, plan: planned, shape, ground });
      const shaping = shapeByVariant(arrived, planned);
      const shaped = shaping instanceof Promise ? await shaping : shaping;
      const checking = guarding.check(shaped);
      const { call, error, reroute } = checking instanceof Promise ? await checking : checking;
      return { call, plan: planned, guarding, error: error ?? undefined, reroute: reroute && { ...reroute, shaped } };
    } catch (error) {
      return { call: await guards.maskUnsent(arrived), plan: planned, guarding, error, reroute: null };
    }
  };
}

type Checking = Prepared & {
  /** Where the call must go instead, with the request as its variant shaped it. */
  readonly reroute: (NonNullable<Checked["reroute"]> & { readonly shaped: Call }) | null;
};

/** A rerouted call was not drawn, so it says nothing about a random unit. */
function withOwnDraw({ reroute }: Call, plan: Plan): Plan {
  return reroute && plan.assignment ? { ...plan, assignment: { ...plan.assignment, isForced: true } } : plan;
}

export const isReady = (prepared: Prepared): prepared is Ready => prepared.error === undefined;
