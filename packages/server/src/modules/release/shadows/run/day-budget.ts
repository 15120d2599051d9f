import type { Clock } from "../../../../kernel/clock.ts";
import type { Day, Plan } from "../stores/plan.ts";

type Caps = Pick<Plan, "requestsPerDay" | "budgetUsdPerDay">;
type End = { readonly costUsd: number | null; readonly isAnswered: boolean };
type Charge = {
  /** Replaces the reservation by the cost, which is null if it is unknown. A failed call says nothing about the cost of the next. */
  settle(end: End): void;
};

export const dateOf = (now: number): string => new Date(now).toISOString().slice(0, "2026-01-01".length);
export const emptyDay = (now: number): Day => ({ date: dateOf(now), requests: 0, costUsd: 0 });

/**
 * The requests and the money of a day (UTC). A call is admitted only if the budget lasts for it and for all that run, assuming
 * that each costs as much as the most expensive one so far.
 */
export function createDayBudget(clock: Pick<Clock, "now">, caps: Caps, stored: Day) {
  const days = createDays(clock, stored);
  const most = createEstimate(caps.budgetUsdPerDay);
  let reserved = 0;
  return {
    today: days.today,
    hasRequest: (): boolean => days.today().requests < caps.requestsPerDay,
    /** Whether anything is left. A call that costs nothing needs nothing. */
    hasMoney: (): boolean => most.isFree() || days.today().costUsd < caps.budgetUsdPerDay,
    countRequest: (): void => days.add({ requests: 1, costUsd: 0 }),

    /** Null if the budget could be exceeded. */
    reserve(primaryUsd: number): Charge | null {
      const estimate = most.of(primaryUsd);
      if (estimate > 0 && days.today().costUsd + reserved + estimate > caps.budgetUsdPerDay) return null;
      reserved += estimate;
      return {
        settle({ costUsd, isAnswered }) {
          reserved = Math.max(0, reserved - estimate);
          if (isAnswered && costUsd !== null) most.note(costUsd);
          days.add({ requests: 0, costUsd: costUsd ?? 0 });
        },
      };
    },
  };
}

/** The use of the current day. */
function createDays(clock: Pick<Clock, "now">, stored: Day) {
  let day = stored;
  function today(): Day {
    if (day.date !== dateOf(clock.now())) day = emptyDay(clock.now());
    return day;
  }
  return {
    today,
    add({ requests, costUsd }: Omit<Day, "date">): void {
      const before = today();
      day = { ...before, requests: before.requests + requests, costUsd: before.costUsd + costUsd };
    },
  };
}

/** What a call may cost. Before the first one, the primary's cost is the best guess, and no guess is a reason to refuse that call. */
function createEstimate(budgetUsd: number) {
  let most: number | null = null;
  return {
    isFree: () => most === 0,
    of: (primaryUsd: number) => most ?? Math.min(primaryUsd, budgetUsd),
    note(costUsd: number): void {
      most = Math.max(most ?? 0, costUsd);
    },
  };
}
