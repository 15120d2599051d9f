import type { Clock } from "../../../../kernel/clock.ts";
import type { Reservation, SpendOrder, Waiting } from "../../../build/gateway/index.ts";
import { type ActiveLimit, type Counter, counterOf, type StoredLimit } from "./active-limit.ts";
import { type Amounts, amountFor, type Prices, priced } from "./amounts.ts";
import { type Blocked, createBlocked, isBlocked, isFree, obstaclesOf } from "./blocked.ts";
import { createLimitRegistry, freeIdle, type LimitRegistry } from "./limit-registry.ts";
import { eachMatch, type LimitIndex } from "./match-limits.ts";
import { createOutputEstimate } from "./output-estimate.ts";
import { unpriced } from "./refusal.ts";
import { type Charge, createReservations, type Held, type OnThreshold } from "./reservations.ts";
import { capacityOf, type Times } from "./use-counter.ts";
import { createWaitingCalls } from "./waiting-calls.ts";

type Deps = {
  readonly clock: Clock;
  readonly prices: Prices;
  /** Called when counters were charged. */
  readonly onCharge: (charge: Charge) => void;
  readonly onThreshold: OnThreshold;
};

const NO_AMOUNTS: Amounts = { tokens: 0, costUsd: null };

/**
 * Checks and charges calls. Each change is one synchronous step, so no other call comes between the check and the reservation,
 * and a call takes from all of its limits or from none.
 */
export function createLimiter({ clock, ...deps }: Deps) {
  /** The steady clock starts at the time of day, so that its values can be stored. */
  const offset = clock.now() - clock.elapsed();
  const times = (): Times => ({ now: clock.now(), steady: offset + clock.elapsed() });
  const registry = createLimitRegistry(times);
  const { attempt, waiting, reservations } = createAttempts(registry, times, deps);
  return {
    ...registry,
    ...changesOf(registry, waiting.pump),
    times,
    /** Reserves or throws immediately. */
    reserve(order: SpendOrder): Reservation | null {
      const result = attempt(order, null);
      if (isBlocked(result)) throw result.refusal();
      return result;
    },
    /** Reserves, waits for its turn in the queue of a limit that has one, or throws. */
    reserveOrWait(order: SpendOrder, waiter: Waiting): Reservation | null | Promise<Reservation | null> {
      const result = attempt(order, null);
      return isBlocked(result) ? waiting.join(result, waiter) : result;
    },
    sweep(): void {
      reservations.sweep();
      freeIdle(registry.all(), times());
    },
    /** Rejects all calls that wait, and lets none wait from now on. */
    stopWaiting: waiting.stop,
  };
}
export type Limiter = ReturnType<typeof createLimiter>;

function createAttempts(registry: LimitRegistry, times: () => Times, deps: Omit<Deps, "clock">) {
  const { prices } = deps;
  const outputs = createOutputEstimate();
  const estimate = (order: SpendOrder) => priced(prices, order, order.maxOutputTokens ?? outputs.estimate(order));
  const waiting = createWaitingCalls({ attempt, times });
  const reservations = createReservations({ ...deps, outputs, times, onFree: waiting.pump });

  /** Reserves if no limit is in the way, apart from the queues of `passed`. Null if no limit applies. */
  function attempt(order: SpendOrder, passed: ReadonlySet<Counter> | null): Reservation | Blocked | null {
    const index = registry.indexOf(order.projectId);
    if (!index) return null;
    const at = times();
    const held = collect(index, order, { now: at.now, estimate });
    if (held.length === 0) return null;
    if (isFree(held, at, passed)) return reservations.hold(order, held, at);
    return createBlocked({ order, held, times: at, obstacles: obstaclesOf(held, at, passed) });
  }
  return { attempt, waiting, reservations };
}

/** After a change of a limit, the calls that wait for it are tried again. */
function changesOf({ put, remove, find }: LimitRegistry, pump: (counter: Counter) => void) {
  const pumpAll = ({ counters }: ActiveLimit) => {
    for (const counter of counters.values()) if (counter.waiting > 0) pump(counter);
  };
  return {
    put(stored: StoredLimit): ActiveLimit {
      const limit = put(stored);
      pumpAll(limit);
      return limit;
    },
    remove(projectId: string, limitId: string): void {
      const limit = find(projectId, limitId);
      remove(projectId, limitId);
      if (limit) pumpAll(limit);
    },
  };
}

type Collecting = { readonly now: number; readonly estimate: (order: SpendOrder) => Amounts };

/** The counters that a call takes from, and how much of each. */
function collect(index: LimitIndex, order: SpendOrder, { now, estimate }: Collecting): Held[] {
  const held: Held[] = [];
  let amounts: Amounts | null = null;
  eachMatch(index, order, (limit, value) => {
    if (order.isMirrored && !isBudget(limit)) return;
    if (limit.exempt.has(order.actor) || limit.exempt.has(order.userId)) return;
    const { measure } = limit.stored;
    if (measure === "tokens" || measure === "cost") amounts ??= estimate(order);
    // A model that costs nothing passes a spent budget.
    if (measure === "cost" && amounts?.costUsd === 0) return;
    const counter = counterOf(limit, value, now);
    held.push({ counter, reserved: reservedOf(counter, order, amounts ?? NO_AMOUNTS), start: counter.start });
  });
  return held;
}

/** A budget of the project, which mirrored calls spend as well. All other limits are about callers. */
const isBudget = ({ stored: { scope, measure } }: ActiveLimit) => scope === "project" && measure === "cost";

/** What is reserved of one counter. An estimated answer is not the reason to refuse what could pass. */
function reservedOf(counter: Counter, order: SpendOrder, amounts: Amounts): number {
  const amount = amountFor(counter.limit, amounts);
  if (amount === null) throw unpriced(counter, order.model);
  const isGuessed = order.maxOutputTokens === null && counter.limit.stored.measure === "tokens";
  return isGuessed ? Math.min(amount, Math.max(order.inputTokens, capacityOf(counter))) : amount;
}
