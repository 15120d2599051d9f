import type { Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ShapeFor } from "../attempt/run-attempts.ts";
import { isUnanswerable } from "../request/grounding.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";
import type { CallGuard, GuardStage } from "./call-guard.ts";
import type { Checked } from "./request-guard.ts";

/** What a call that its guards let through is grounded with. */
export type ToGround = {
  /** The call before its guards changed it. */
  readonly shaped: Call;
  readonly variant: Variant | null;
  readonly guard: CallGuard | null;
};
/** Adds the passages of a knowledge base to a call; see `ground/`. */
type Ground = (call: Call, grounding: ToGround) => Call | Promise<Call>;

type Deps = {
  readonly guards: GuardStage;
  readonly plan: Plan;
  readonly shape: ShapeFor;
  readonly ground: Ground;
};

/** The guards of a call while it is answered: another variant than the first one may have another policy. */
export function createGuarding({ guards, plan, shape, ground }: Deps) {
  let current: CallGuard | null = null;
  let last: CallGuard | null = null;

  /** A call that is already rerouted stays where it is. */
  function checkWith(call: Call, guard: CallGuard | null, variant: Variant | null): Checked | Promise<Checked> {
    guard?.follow(last);
    [current, last] = [guard, guard ?? last];
    const checking = guard ? guard.check(call, { reroute: call.reroute === null }) : unchecked(call);
    const rest = (checked: Checked) => groundChecked(checked, { ground, shaped: call, variant, guard });
    return checking instanceof Promise ? checking.then(rest) : rest(checking);
  }

  return {
    /** The guards of the variant that answers, or that was tried last; null for none. */
    current: () => current,
    check(call: Call): Checked | Promise<Checked> {
      const guard = guards.begin(call, plan);
      const check = (found: CallGuard | null) => checkWith(call, found, plan.assignment?.variant ?? null);
      return guard instanceof Promise ? guard.then(check) : check(guard);
    },
    /** The request of the call as another variant shapes it and its guards let it through. Throws `content_filter`. */
    async shapeFor(variant: Variant): Promise<Call> {
      const shaped = await shape(variant);
      const { assignment } = plan;
      const guard = await guards.begin(shaped, { ...plan, assignment: assignment && { ...assignment, variant } });
      return mustSend(await checkWith(shaped, guard, variant), variant.name);
    },
  };
}

function mustSend({ call, error, reroute }: Checked, variant: string): Call {
  if (error) throw error;
  if (reroute) throw notRerouted(variant, reroute);
  if (isUnanswerable(call)) throw notFoundBy(variant);
  return call;
}

/** A call that is blocked or goes elsewhere needs no passages. */
function groundChecked(checked: Checked, { ground, ...grounding }: ToGround & Pick<Deps, "ground">) {
  if (checked.error || checked.reroute) return checked;
  const call = ground(checked.call, grounding);
  return call instanceof Promise ? call.then((grounded) => ({ ...checked, call: grounded })) : { ...checked, call };
}

const unchecked = (call: Call): Checked => ({ call, error: null, reroute: null });

const notFoundBy = (variant: string) =>
  new AppError("unprocessable", {
    message: `The variant "${variant}" found no passage in its knowledge base, so it cannot answer.`,
  });

/** Attempts have begun, so the call cannot go to another endpoint any more. */
const notRerouted = (variant: string, { target, kinds }: NonNullable<Checked["reroute"]>) =>
  new AppError("content_filter", {
    message: `The variant "${variant}" may not get this request: a guard sends such requests to "${target}". They contain: ${kinds.join(", ")}.`,
    details: { kinds },
  });

export type Guarding = ReturnType<typeof createGuarding>;
