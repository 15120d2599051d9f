import type { Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ShapeFor } from "../attempt/run-attempts.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";
import type { CallGuard, GuardStage } from "./call-guard.ts";
import type { Checked } from "./request-guard.ts";

type Deps = { readonly guards: GuardStage; readonly plan: Plan; readonly shape: ShapeFor };

/** The guards of a call while it is answered: another variant than the first one may have another policy. */
export function createGuarding({ guards, plan, shape }: Deps) {
  let current: CallGuard | null = null;
  let last: CallGuard | null = null;

  /** A call that is already rerouted stays where it is. */
  function checkWith(call: Call, guard: CallGuard | null): Checked | Promise<Checked> {
    guard?.follow(last);
    [current, last] = [guard, guard ?? last];
    return guard ? guard.check(call, { reroute: call.reroute === null }) : { call, error: null, reroute: null };
  }

  return {
    /** The guards of the variant that answers, or that was tried last; null for none. */
    current: () => current,
    check(call: Call): Checked | Promise<Checked> {
      const guard = guards.begin(call, plan);
      return guard instanceof Promise ? guard.then((found) => checkWith(call, found)) : checkWith(call, guard);
    },
    /** The request of the call as another variant shapes it and its guards let it through. Throws `content_filter`. */
    async shapeFor(variant: Variant): Promise<Call> {
      const shaped = await shape(variant);
      const { assignment } = plan;
      const guard = await guards.begin(shaped, { ...plan, assignment: assignment && { ...assignment, variant } });
      const { call, error, reroute } = await checkWith(shaped, guard);
      if (error) throw error;
      if (reroute) throw notRerouted(variant.name, reroute);
      return call;
    },
  };
}
/** Attempts have begun, so the call cannot go to another endpoint any more. */
const notRerouted = (variant: string, { target, kinds }: NonNullable<Checked["reroute"]>) =>
  new AppError("content_filter", {
    message: `The variant "${variant}" may not get this request: a guard sends such requests to "${target}". They contain: ${kinds.join(", ")}.`,
    details: { kinds },
  });

export type Guarding = ReturnType<typeof createGuarding>;
