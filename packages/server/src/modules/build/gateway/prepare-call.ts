import type { GuardStage } from "./guard/call-guard.ts";
import { createGuarding, type Guarding } from "./guard/guarding.ts";
import type { Call } from "./request/read-call.ts";
import { checkAllowed } from "./resolve/allowed-models.ts";
import { type ShapeByVariant, shaperOf } from "./resolve/apply-variant.ts";
import type { ModelResolver, Plan, PlanCaller } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

type Deps = {
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly guards: GuardStage;
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

/** Resolves the model of a call, shapes the request by its variant and checks it under its guards. Never throws. */
export function createPrepareCall({ resolver, shapeByVariant, guards }: Deps) {
  async function check(arrived: Call, plan: Plan, guarding: Guarding): Promise<Ready> {
    const shaping = shapeByVariant(arrived, plan);
    const shaped = shaping instanceof Promise ? await shaping : shaping;
    const checking = guarding.check(shaped);
    const { call, error } = checking instanceof Promise ? await checking : checking;
    return { call, plan, guarding, error: error ?? undefined };
  }

  return async (arrived: Call, wishes: Partial<PlanCaller> = {}): Promise<Prepared> => {
    let plan: Plan | null = null;
    let guarding: Guarding | null = null;
    try {
      const { scope, request } = arrived;
      plan = await resolver.plan(scope.projectId, request.model, { ...planCallerOf(arrived), ...wishes });
      checkAllowed(arrived, plan);
      guarding = createGuarding({ guards, plan, shape: shaperOf(shapeByVariant, arrived, plan) });
      return await check(arrived, plan, guarding);
    } catch (error) {
      return { call: await guards.maskUnsent(arrived), plan, guarding, error };
    }
  };
}
export type PrepareCall = ReturnType<typeof createPrepareCall>;

export const isReady = (prepared: Prepared): prepared is Ready => prepared.error === undefined;
