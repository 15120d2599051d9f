import type { Limit } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { type Period, periodOf } from "./calendar.ts";
import { type Rate, rateOf } from "./gcra.ts";

/** A limit as it is stored. */
export type StoredLimit = Omit<Limit, "usage" | "values"> & { readonly projectId: string };

/**
 * The state of a limit for one value of its scope. All kinds of limits have the same shape, so that the check of a call is fast.
 */
export type Counter = {
  readonly limit: ActiveLimit;
  readonly value: string;
  /** Of a rate: the theoretical arrival time, on the steady clock. */
  tat: number;
  /** Of a quota: the period, and what is used in it. */
  start: number;
  end: number;
  used: number;
  reserved: number;
  /** Calls of this period that were counted as 0, because their price is unknown. */
  unpriced: number;
  /** Reservations that are open. */
  open: number;
  /** Calls that wait for their turn. */
  waiting: number;
  /** The highest threshold that was reported in this period, in percent. */
  warned: number;
};

/** A limit with its counters. `rate` refills evenly, `quota` starts again with each period, `concurrency` counts open reservations. */
export type ActiveLimit = {
  stored: StoredLimit;
  kind: "rate" | "quota" | "concurrency";
  amount: number;
  rate: Rate;
  exempt: ReadonlySet<string>;
  isHard: boolean;
  /** How long a call may wait for its turn; 0 to reject it immediately. */
  queueMs: number;
  /** Calls that wait for their turn, of all counters. */
  waiting: number;
  readonly counters: Map<string, Counter>;
};

const PERIODS_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS, month: 30 * DAY_MS } as const;
/** More values share one counter, so that made-up users cannot fill the memory. */
const MOST_VALUES = 100_000;
export const OTHERS = "(others)";

const settingsOf = (stored: StoredLimit): Omit<ActiveLimit, "counters" | "waiting"> => {
  const { measure, window, amount, burst, exempt, action, queueSeconds } = stored;
  const isQuota = window === "day" || window === "month";
  return {
    stored,
    kind: measure === "concurrency" ? "concurrency" : isQuota ? "quota" : "rate",
    amount,
    rate: rateOf(amount, PERIODS_MS[window ?? "minute"], burst ?? amount),
    exempt: new Set(exempt),
    isHard: action === "reject",
    queueMs: queueSeconds * 1_000,
  };
};

export const activate = (stored: StoredLimit): ActiveLimit => ({
  ...settingsOf(stored),
  waiting: 0,
  counters: new Map(),
});

/** Changes a limit in place: open reservations refer to its counters, and what is used stays used. */
export function change(
  limit: ActiveLimit,
  stored: StoredLimit,
  { now, steady }: { now: number; steady: number },
): void {
  const before = limit.rate.intervalMs;
  const isOtherZone = limit.stored.timeZone !== stored.timeZone;
  Object.assign(limit, settingsOf(stored));
  for (const counter of limit.counters.values()) {
    counter.tat = steady + ((counter.tat - steady) * limit.rate.intervalMs) / before;
    if (isOtherZone && limit.kind === "quota") Object.assign(counter, quotaPeriod(stored, now));
  }
}

/** The counter of a value, with its period brought up to date. */
export function counterOf(limit: ActiveLimit, value: string, now: number): Counter {
  const { counters } = limit;
  const counter = counters.get(value) ?? addCounter(limit, counters.size < MOST_VALUES ? value : OTHERS);
  if (limit.kind === "quota" && now >= counter.end) beginPeriod(counter, now);
  return counter;
}

function addCounter(limit: ActiveLimit, value: string): Counter {
  const existing = limit.counters.get(value);
  if (existing) return existing;
  const counter: Counter = {
    limit,
    value,
    tat: 0,
    start: 0,
    end: 0,
    used: 0,
    reserved: 0,
    unpriced: 0,
    open: 0,
    waiting: 0,
    warned: 0,
  };
  limit.counters.set(value, counter);
  return counter;
}

/** What was reserved in the last period is charged to that one. */
function beginPeriod(counter: Counter, now: number): void {
  const { start, end } = quotaPeriod(counter.limit.stored, now);
  Object.assign(counter, { start, end, used: 0, reserved: 0, unpriced: 0, warned: 0 });
}

export const quotaPeriod = ({ window, timeZone }: Pick<StoredLimit, "window" | "timeZone">, now: number): Period =>
  periodOf(window === "month" ? "month" : "day", timeZone, now);
