import type { Clock } from "../../../../kernel/clock.ts";
import type { Reservation, SpendOrder } from "../../../build/gateway/index.ts";
import { type ActiveLimit, type Counter, counterOf } from "./active-limit.ts";
import { type Amounts, amountFor, type Prices, priced } from "./amounts.ts";
import { createLimitRegistry, freeIdle } from "./limit-registry.ts";
import { eachMatch, type LimitIndex } from "./match-limits.ts";
import { createOutputEstimate } from "./output-estimate.ts";
import { rateHeaders } from "./rate-headers.ts";
import { refusal, unpriced } from "./refusal.ts";
import { type Charge, createReservations, type Held, type OnThreshold } from "./reservations.ts";
import { capacityOf, type Times, waitFor } from "./use-counter.ts";

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
export function createLimiter({ clock, prices, onCharge, onThreshold }: Deps) {
  /** The steady clock starts at the time of day, so that its values can be stored. */
  const offset = clock.now() - clock.elapsed();
  const times = (): Times => ({ now: clock.now(), steady: offset + clock.elapsed() });
  const registry = createLimitRegistry(times);
  const outputs = createOutputEstimate();
  const estimate = (order: SpendOrder) => priced(prices, order, order.maxOutputTokens ?? outputs.estimate(order));
  const reservations = createReservations({ prices, outputs, times, onCharge, onThreshold });

  return {
    ...registry,
    times,
    reserve(order: SpendOrder): Reservation | null {
      const index = registry.indexOf(order.projectId);
      if (!index) return null;
      const at = times();
      const held = collect(index, order, { now: at.now, estimate });
      if (held.length === 0) return null;
      check(held, order, at);
      return reservations.hold(order, held, at);
    },
    sweep(): void {
      reservations.sweep();
      freeIdle(registry.all(), times());
    },
  };
}
export type Limiter = ReturnType<typeof createLimiter>;

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

/** Throws for the limit that the call would have to wait for longest. */
function check(held: readonly Held[], { headerStyle }: SpendOrder, times: Times): void {
  let worst: Held | null = null;
  let waitMs = 0;
  for (const one of held) {
    const wait = one.counter.limit.isHard ? waitFor(one.counter, one.reserved, times) : 0;
    if (wait <= waitMs) continue;
    worst = one;
    waitMs = wait;
  }
  if (worst === null) return;
  const headers = rateHeaders(held, headerStyle, times);
  throw refusal({ counter: worst.counter, amount: worst.reserved, waitMs, times, headers });
}
