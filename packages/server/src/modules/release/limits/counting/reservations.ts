import type { Reservation, SpendOrder, Spent } from "../../../build/gateway/index.ts";
import type { Counter } from "./active-limit.ts";
import { amountFor, type Prices, priced } from "./amounts.ts";
import type { createOutputEstimate } from "./output-estimate.ts";
import { rateHeaders } from "./rate-headers.ts";
import { settle, type Times, take } from "./use-counter.ts";

/** One counter of a reservation. */
export type Held = { readonly counter: Counter; readonly reserved: number; readonly start: number };
/** A change of the counters, as the journal has it. */
export type Charge = {
  readonly at: number;
  readonly used: readonly (readonly [limitId: string, value: string, amount: number])[];
};
/** Called when a counter passes a threshold of its limit for the first time in its period. */
export type OnThreshold = (counter: Counter, percent: number) => void;

type Deps = {
  readonly prices: Prices;
  readonly outputs: ReturnType<typeof createOutputEstimate>;
  readonly times: () => Times;
  readonly onCharge: (charge: Charge) => void;
  readonly onThreshold: OnThreshold;
  /** Called with a counter that a reservation has left and that calls wait for. */
  readonly onFree: (counter: Counter) => void;
};
type Open = { readonly reservation: Reservation; readonly deadline: number };

/** A reservation that is still open this long after its call must have ended is settled. */
const LEASE_MS = 60_000;
/** Nothing is known of a call whose lease has ended, so what it reserved is charged. */
const LOST: Spent = { inputTokens: 0, outputTokens: 0, costUsd: null, isCertain: false };

/** The reservations that are open. */
export function createReservations(deps: Deps) {
  const open = new Set<Open>();
  return {
    /** Takes from all counters. The caller has checked that they have enough. */
    hold(order: SpendOrder, held: readonly Held[], at: Times): Reservation {
      for (const { counter, reserved } of held) take(counter, reserved, at);
      const end = (amountOf: (one: Held) => number) => {
        if (!open.delete(entry)) return;
        charge(held, { at: at.now, amountOf, onCharge: deps.onCharge, onThreshold: deps.onThreshold });
        for (const { counter } of held) if (counter.waiting > 0) deps.onFree(counter);
      };
      const reservation = reservationOf({ order, held, end }, deps);
      const entry: Open = { reservation, deadline: at.steady + order.timeoutMs + LEASE_MS };
      open.add(entry);
      return reservation;
    },

    /** Settles the reservations whose lease has ended. */
    sweep(): void {
      const { steady } = deps.times();
      for (const { reservation, deadline } of open) if (deadline < steady) reservation.settle(LOST);
    },
  };
}

type Holding = {
  readonly order: SpendOrder;
  readonly held: readonly Held[];
  /** Charges all counters, if nothing has been charged yet. */
  readonly end: (amountOf: (one: Held) => number) => void;
};

const reservationOf = ({ order, held, end }: Holding, { prices, outputs, times }: Deps): Reservation => ({
  headers: () => rateHeaders(held, order.headerStyle, times()),
  settle(spent) {
    if (spent.isCertain) outputs.note(order, spent.outputTokens);
    end((one) => actualOf(one, spent));
  },
  release: () => end(() => 0),
  abandon() {
    const { inputTokens } = order;
    const { costUsd } = priced(prices, order, 0);
    end((one) => actualOf(one, { inputTokens, outputTokens: 0, costUsd, isCertain: true }));
  },
});

type Charging = Pick<Deps, "onCharge" | "onThreshold"> & {
  readonly at: number;
  readonly amountOf: (one: Held) => number;
};

function charge(held: readonly Held[], { at, amountOf, onCharge, onThreshold }: Charging): void {
  const used: [string, string, number][] = [];
  for (const one of held) {
    const { counter, reserved, start } = one;
    const actual = amountOf(one);
    settle(counter, { reserved, actual, start });
    const { kind, stored } = counter.limit;
    if (kind !== "concurrency" && actual > 0) used.push([stored.limitId, counter.value, actual]);
    if (kind === "quota") reportThreshold(counter, onThreshold);
  }
  if (used.length > 0) onCharge({ at, used });
}

/** What a counter is charged. An answer that broke off is charged at least what was reserved. */
function actualOf({ counter, reserved }: Held, { inputTokens, outputTokens, costUsd, isCertain }: Spent): number {
  const isUnknown = counter.limit.stored.measure === "cost" && costUsd === null;
  const amount = amountFor(counter.limit, { tokens: inputTokens + outputTokens, costUsd }) ?? reserved;
  if (isUnknown && amount === 0) counter.unpriced += 1;
  return isCertain ? amount : Math.max(amount, reserved);
}

function reportThreshold(counter: Counter, report: OnThreshold): void {
  const { limit, used, warned } = counter;
  const percent = (used / limit.amount) * 100;
  let highest = warned;
  for (const threshold of limit.stored.warnAt) if (percent >= threshold) highest = Math.max(highest, threshold);
  if (highest === warned) return;
  counter.warned = highest;
  report(counter, highest);
}
