import type { FailureClass } from "@treadle/contract";
import type { PlannedTarget } from "../resolve/target.ts";

type Next = {
  readonly target: PlannedTarget;
  /** A target that was passed over because its provider has asked for a pause; null for none. */
  readonly passed: PlannedTarget | null;
};

/**
 * The targets of a plan in the order of attempts. A target is tried if an earlier one failed with one of its classes. A
 * target whose provider has asked for a pause counts as rate-limited, and is tried last.
 */
export function createTargetQueue(targets: readonly PlannedTarget[], isResting: (target: PlannedTarget) => boolean) {
  const failed = new Set<FailureClass>();
  let remaining = targets;

  const eligibleAfter = (more: readonly FailureClass[]) =>
    remaining.filter(({ on }) => on === null || on.some((one) => failed.has(one) || more.includes(one)));
  function take(target: PlannedTarget, passed: PlannedTarget | null): Next {
    remaining = remaining.filter((other) => other !== target);
    return { target, passed };
  }

  return {
    /** Null when no target is left. */
    next(): Next | null {
      const [first] = eligibleAfter([]);
      if (!first) return null;
      if (!isResting(first)) return take(first, null);
      const awake = eligibleAfter(["rate-limit"]).find((target) => !isResting(target));
      if (!awake) return take(first, null);
      failed.add("rate-limit");
      return take(awake, first);
    },
    fail(failure: FailureClass): void {
      failed.add(failure);
    },
    /** Whether another target can be tried now after a failure of this class. */
    hasOther: (failure: FailureClass): boolean => eligibleAfter([failure]).some((target) => !isResting(target)),
  };
}
