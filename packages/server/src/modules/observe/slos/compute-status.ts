import { type BurnWindows, SLO_BURN_MINUTES, type SloBurn, type SloDay, type SloStatus } from "@treadle/contract";
import { badShareAt, burnRate, isShareAbove, wilsonInterval } from "@treadle/metrics";
import { DAY_MS } from "../../../kernel/day.ts";
import { burnPairsOf } from "./burn-pairs.ts";

export type DayCount = {
  readonly day: string;
  readonly requests: number;
  readonly n: number;
  readonly bad: number;
  /** Of these, the requests whose scores are all by scorers. */
  readonly judged: number;
  readonly judgedBad: number;
};
export type WindowCount = { readonly minutes: number; readonly n: number; readonly bad: number };
/** What an SLO counted. Days without a request may be missing. */
export type SloCounts = { readonly days: readonly DayCount[]; readonly windows: readonly WindowCount[] };
type Goal = { readonly objective: number; readonly windowDays: 7 | 28 | 30 };

const HOURS_PER_DAY = 24;
const RECENT_MINUTES = 360;
const NONE = { requests: 0, n: 0, bad: 0 };

/** The day of a time, in UTC. */
export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
export const startOfDay = (day: string) => Date.parse(`${day}T00:00:00.000Z`);
export const addDays = (day: string, count: number) => dayOf(startOfDay(day) + count * DAY_MS);

/** The minutes of all windows that a status needs. */
export const windowMinutesOf = (goal: Goal): number[] => {
  const pairs = burnPairsOf(goal).flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]);
  return [...new Set([...SLO_BURN_MINUTES, ...pairs])].toSorted((left, right) => left - right);
};

/** The days of the window that ends at a time. */
export const daysWithin = (windowDays: number, days: readonly DayCount[], now: number): DayCount[] => {
  const today = dayOf(now);
  return days.filter(({ day }) => day >= addDays(today, 1 - windowDays) && day <= today);
};

/** An SLO at a time: its share of good requests, its budget and how fast it burns. */
export function computeStatus(goal: Goal, { days, windows }: SloCounts, now: number): SloStatus {
  const first = addDays(dayOf(now), 1 - goal.windowDays);
  const total = sum(daysWithin(goal.windowDays, days, now));
  const windowOf = (minutes: number) => windows.find((window) => window.minutes === minutes) ?? { ...NONE, minutes };
  const budget = budgetOf(goal.objective, total);
  const alerts = burnPairsOf(goal).map((pair) => alertOf(goal.objective, pair, windowOf));
  const isBurning = alerts.some(({ isExceeded }) => isExceeded);
  return {
    at: new Date(now).toISOString(),
    from: new Date(startOfDay(first)).toISOString(),
    state: stateOf(goal.objective, { ...total, isBurning }),
    ...total,
    ...goodShareOf(total),
    ...budget,
    burns: SLO_BURN_MINUTES.map((minutes) => ({ minutes, ...burnOf(goal.objective, windowOf(minutes)) })),
    alerts,
    exhaustedInHours: exhaustedIn(goal, { left: budget.budgetLeft, recent: windowOf(RECENT_MINUTES) }),
  };
}

/** Each of the last days with its burn rate, and the budget that was left at its end. Oldest first. */
export function computeDays(goal: Goal, { days }: SloCounts, range: { from: string; to: string }): SloDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const list: SloDay[] = [];
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    const first = addDays(day, 1 - goal.windowDays);
    const count = byDay.get(day) ?? { ...NONE, day };
    const window = sum(days.filter((each) => each.day >= first && each.day <= day));
    const { burnRate: rate, lower, upper } = burnOf(goal.objective, count);
    const { budgetLeft } = budgetOf(goal.objective, window);
    const { requests, n, bad } = count;
    list.push({ day, requests, n, bad, good: goodShareOf(count).good, burnRate: rate, lower, upper, budgetLeft });
  }
  return list;
}

type Count = { readonly n: number; readonly bad: number };

function sum(days: readonly Omit<DayCount, "judged" | "judgedBad">[]) {
  return days.reduce(
    (total, { requests, n, bad }) => ({
      requests: total.requests + requests,
      n: total.n + n,
      bad: total.bad + bad,
    }),
    NONE,
  );
}

/** The interval of the share of bad requests. */
const badInterval = ({ n, bad }: Count) => wilsonInterval({ successes: bad, n });

function goodShareOf(count: Count) {
  const interval = badInterval(count);
  if (interval === null) return { good: null, lower: null, upper: null };
  return { good: 1 - count.bad / count.n, lower: 1 - interval[1], upper: 1 - interval[0] };
}

function budgetOf(objective: number, count: Count) {
  const allowedBad = count.n * (1 - objective);
  const interval = badInterval(count);
  const leftAt = (badShare: number) => 1 - burnRate(badShare, objective);
  return {
    allowedBad,
    badLeft: allowedBad - count.bad,
    budgetLeft: interval === null ? null : leftAt(count.bad / count.n),
    budgetLower: interval === null ? null : leftAt(interval[1]),
    budgetUpper: interval === null ? null : leftAt(interval[0]),
  };
}

function burnOf(objective: number, count: Count): Omit<SloBurn, "minutes"> {
  const interval = badInterval(count);
  const { n, bad } = count;
  if (interval === null) return { n, bad, burnRate: null, lower: null, upper: null };
  const [lower, upper] = interval.map((share) => burnRate(share, objective));
  return { n, bad, burnRate: burnRate(bad / n, objective), lower: lower ?? null, upper: upper ?? null };
}

/** Both windows must be above for certain, so that a few bad requests of a few do not fire. */
function alertOf(objective: number, pair: BurnWindows, windowOf: (minutes: number) => Count) {
  const badShare = badShareAt(pair.burnRate, objective);
  const isAbove = (minutes: number) => {
    const { n, bad } = windowOf(minutes);
    return isShareAbove({ successes: bad, n }, badShare);
  };
  return { ...pair, badShare, isExceeded: isAbove(pair.longMinutes) && isAbove(pair.shortMinutes) };
}

function stateOf(objective: number, { n, bad, isBurning }: Count & { isBurning: boolean }): SloStatus["state"] {
  if (n === 0) return "no-data";
  if (isShareAbove({ successes: bad, n }, 1 - objective)) return "exhausted";
  if (isBurning) return "burning";
  return bad / n > 1 - objective ? "at-risk" : "ok";
}

/** A burn rate of 1 uses up the whole budget in the whole window. At 1 or less, old bad requests leave the window as fast. */
function exhaustedIn(goal: Goal, { left, recent }: { left: number | null; recent: Count }): number | null {
  if (left === null || left <= 0 || recent.n === 0) return null;
  const rate = burnRate(recent.bad / recent.n, goal.objective);
  return rate <= 1 ? null : (left * goal.windowDays * HOURS_PER_DAY) / rate;
}
