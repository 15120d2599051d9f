import type { Clock } from "../../../../kernel/clock.ts";
import type { SpendOrder, Spent } from "../../../build/gateway/index.ts";
import type { StoredLimit } from "../counting/active-limit.ts";
import type { Prices } from "../counting/amounts.ts";
import { createLimiter } from "../counting/limiter.ts";
import type { Charge } from "../counting/reservations.ts";

export const START = Date.parse("2026-05-31T23:00:00Z");

/** One dollar per thousand tokens, except for the model `free` and the model `odd`, whose price is unknown. */
const prices: Prices = {
  cost: (_project, { model, usage: { inputTokens, outputTokens } }) =>
    model === "odd" ? null : model === "free" ? 0 : (inputTokens + outputTokens) / 1_000,
};

export const limitOf = (more: Partial<StoredLimit>): StoredLimit => ({
  limitId: "lim_1",
  projectId: "proj_1",
  name: "First",
  measure: "requests",
  window: "minute",
  amount: 10,
  burst: null,
  scope: "project",
  value: null,
  timeZone: "UTC",
  action: "reject",
  unknownPrice: "zero",
  defaultPriceUsdPerMillion: null,
  warnAt: [50, 80, 95],
  exempt: [],
  queueSeconds: 0,
  isEnabled: true,
  createdBy: "user_1",
  createdAt: new Date(START).toISOString(),
  updatedAt: new Date(START).toISOString(),
  ...more,
});

export const orderOf = (more: Partial<SpendOrder> = {}): SpendOrder => ({
  projectId: "proj_1",
  spanId: "span_1",
  actor: "key_1",
  userId: "",
  tags: [],
  endpoint: "",
  variant: "",
  connection: "openai",
  provider: "openai",
  model: "gpt-4o",
  inputTokens: 100,
  maxOutputTokens: 100,
  timeoutMs: 30_000,
  isMirrored: false,
  headerStyle: "openai",
  ...more,
});

export const spent = (more: Partial<Spent> = {}): Spent => ({
  inputTokens: 100,
  outputTokens: 20,
  costUsd: 0.12,
  isCertain: true,
  ...more,
});

/** A limiter in virtual time. */
export function openTestLimiter(...limits: readonly Partial<StoredLimit>[]) {
  const state = { now: START };
  const world = openLimiterOn({ now: () => state.now, elapsed: () => state.now - START }, limits);
  return {
    ...world,
    pass(ms: number) {
      state.now += ms;
    },
  };
}

/** A limiter on a clock. */
export function openLimiterOn(clock: Clock, limits: readonly Partial<StoredLimit>[]) {
  const charges: Charge[] = [];
  const thresholds: number[] = [];
  const limiter = createLimiter({
    clock,
    prices,
    onCharge: (charge) => charges.push(charge),
    onThreshold: (_counter, percent) => thresholds.push(percent),
  });
  for (const [place, limit] of limits.entries()) limiter.put(limitOf({ limitId: `lim_${place + 1}`, ...limit }));
  return {
    limiter,
    charges,
    thresholds,
    reserve: (more?: Partial<SpendOrder>) => limiter.reserve(orderOf(more)),
    /** The counter of the n-th limit. */
    counter: (place = 1, value = "") => limiter.find("proj_1", `lim_${place}`)?.counters.get(value),
  };
}
