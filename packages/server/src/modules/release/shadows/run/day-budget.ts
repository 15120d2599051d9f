import type { Clock } from "../../../../kernel/clock.ts";
import type { Day, Plan } from "../stores/schema.ts";

type Caps = Pick<Plan, "requestsPerDay" | "budgetUsdPerDay">;
type Charge = {
  /** Replaces the reservation by the cost, which is null if it is unknown. A failed call says nothing about the cost of the next. */
  settle(end: { readonly costUsd: number | null; readonly isAnswered: boolean }): void;
};

export const dateOf = (now: number): string => new Date(now).toISOString().slice(0, "2026-01-01".length);
export const emptyDay = (now: number): Day => ({ date: dateOf(now), requests: 0, costUsd: 0 });

/**
 * The requests and the money of a day (UTC). A call is admitted only if the budget lasts for it and for all that run, assuming
 * that each costs as much as the most expensive one so far.
 */
export function createDayBudget(clock: Pick<Clock, "now">, caps: Caps, stored: Day) {
  let day = stored;
  let reserved = 0;
  let mostExpensive: number | null = null;

  function today(): Day {
    if (day.date !== dateOf(clock.now())) day = emptyDay(clock.now());
    return day;
  }

  /** Before the first mirrored call, the primary's cost is the best guess, and no guess is a reason to refuse that call. */
  const estimateOf = (primaryUsd: number) => mostExpensive ?? Math.min(primaryUsd, caps.budgetUsdPerDay);

  return {
    today,
    hasRequest: (): boolean => today().requests < caps.requestsPerDay,
    /** Whether anything is left. A call that costs nothing needs nothing. */
    hasMoney: (): boolean => mostExpensive === 0 || today().costUsd < caps.budgetUsdPerDay,

    countRequest(): void {
      day = { ...today(), requests: today().requests + 1 };
    },

    /** Null if the budget could be exceeded. */
    reserve(primaryUsd: number): Charge | null {
      const estimate = estimateOf(primaryUsd);
      if (estimate > 0 && today().costUsd + reserved + estimate > caps.budgetUsdPerDay) return null;
      reserved += estimate;
      return {
        settle({ costUsd, isAnswered }) {
          reserved = Math.max(0, reserved - estimate);
          if (costUsd === null) return;
          if (isAnswered) mostExpensive = Math.max(mostExpensive ?? 0, costUsd);
          day = { ...today(), costUsd: today().costUsd + costUsd };
        },
      };
    },
  };
}
export type DayBudget = ReturnType<typeof createDayBudget>;
