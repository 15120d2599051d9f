import type { Clock } from "../../../kernel/clock.ts";
import type { Answered, Attempts } from "./attempt/run-attempts.ts";
import { readOutcome } from "./guard/guard-outcome.ts";
import type { AskAgain } from "./guard/reask.ts";

type Deps = { readonly attempts: Attempts; readonly clock: Clock };

/** Sends a call once more to the target that answered it, and reads the whole answer. */
export const createAskAgain =
  ({ attempts, clock }: Deps) =>
  ({ plan, target }: Pick<Answered, "plan" | "target">): AskAgain =>
  async (call) => {
    const variant = plan.assignment?.variant ?? null;
    const again = { ...plan, targets: [{ ...target, variant, on: null }] as const };
    const { result, log } = await attempts.run(call, again, () => call);
    if ("error" in result) {
      if (call.signal.aborted) throw result.error;
      return { log, response: null };
    }
    try {
      return { log, response: await readOutcome(call, result, clock) };
    } catch (error) {
      if (call.signal.aborted) throw error;
      return { log, response: null };
    } finally {
      result.release();
    }
  };
