import { vi } from "vitest";
import type { AppError } from "../../../../kernel/errors.ts";
import type { Reservation, SpendOrder, Waiting } from "../../../build/gateway/index.ts";
import type { StoredLimit } from "../counting/active-limit.ts";
import { openLimiterOn, orderOf, START, spent } from "./open-test-limiter.ts";

/** A call that was sent to the limits. */
export type Asked = {
  state: "waiting" | "passed" | "refused";
  readonly actor: string;
  reservation: Reservation | null;
  error: AppError | null;
  readonly leaving: AbortController;
};

/** A limiter whose calls wait in virtual time. The test must use fake timers. */
export function openTestQueue(...limits: readonly Partial<StoredLimit>[]) {
  vi.setSystemTime(START);
  const world = openLimiterOn({ now: () => Date.now(), elapsed: () => Date.now() - START }, limits);
  const passed: Asked[] = [];
  return {
    ...world,
    /** The calls that passed, in this order. */
    passed,
    ask(more: Partial<SpendOrder> = {}, waiting: Partial<Waiting> = {}): Asked {
      const order = orderOf(more);
      const leaving = new AbortController();
      const asked: Asked = { state: "waiting", actor: order.actor, reservation: null, error: null, leaving };
      const pass = (reservation: Reservation | null) => {
        Object.assign(asked, { state: "passed", reservation });
        passed.push(asked);
      };
      const refuse = (error: AppError) => Object.assign(asked, { state: "refused", error });
      try {
        const way: Waiting = { signal: leaving.signal, hasOther: false, waitedMs: 0, ...waiting };
        const result = world.limiter.reserveOrWait(order, way);
        if (result instanceof Promise) result.then(pass, refuse);
        else pass(result);
      } catch (error) {
        refuse(error as AppError);
      }
      return asked;
    },
    /** Ends a call, so that the next one can pass. */
    async end(asked: Asked | undefined) {
      asked?.reservation?.settle(spent());
      await vi.advanceTimersByTimeAsync(0);
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}
