// What the limits of a project add to a call, in one process. Prints microseconds per call, and ratios against the simplest
// limiter there is: one bucket per key in a map. Run: node --expose-gc bench/limits.ts
import { createRateLimit } from "../packages/server/src/kernel/rate-limit.ts";
import type { SpendOrder } from "../packages/server/src/modules/build/gateway/index.ts";
import type { StoredLimit } from "../packages/server/src/modules/release/limits/counting/active-limit.ts";
import { createLimiter } from "../packages/server/src/modules/release/limits/counting/limiter.ts";

const CALLS = 200_000;
const KEYS = 10_000;
const CHECKS = 1_000_000;
const PERIOD_MS = 3_600_000;
/** More than all calls together use. */
const MUCH = 1e12;
const clock = { now: () => Date.now(), elapsed: () => performance.now() };
const at = new Date().toISOString();

const limitOf = (limitId: string, more: Partial<StoredLimit>): StoredLimit => ({
  limitId,
  projectId: "proj_1",
  name: limitId,
  measure: "requests",
  window: "minute",
  amount: MUCH,
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
  createdAt: at,
  updatedAt: at,
  ...more,
});

const LIMITS: readonly Partial<StoredLimit>[] = [
  { measure: "cost", window: "month" },
  { measure: "requests" },
  { measure: "tokens", scope: "key" },
  { measure: "requests", scope: "user" },
  { measure: "concurrency", window: null, scope: "endpoint" },
];
const SPENT = { inputTokens: 400, outputTokens: 200, costUsd: 0.001, isCertain: true };

const orderOf = (call: number): SpendOrder => ({
  projectId: "proj_1",
  spanId: "span",
  actor: `key_${call % KEYS}`,
  userId: `user ${call % KEYS}`,
  tags: [],
  endpoint: "support",
  variant: "",
  connection: "openai",
  provider: "openai",
  model: "gpt-4o",
  inputTokens: 400,
  maxOutputTokens: 300,
  timeoutMs: 60_000,
  isMirrored: false,
  headerStyle: "openai",
});

function openLimiter(count: number) {
  const limiter = createLimiter({
    clock,
    prices: { cost: () => 0.001 },
    onCharge: () => {},
    onThreshold: () => {},
  });
  for (const [place, limit] of LIMITS.slice(0, count).entries()) limiter.put(limitOf(`lim_${place}`, limit));
  return limiter;
}

/** Microseconds per call, the best of five rounds. */
function measure(run: (call: number) => void): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) run(call);
    return ((performance.now() - start) * 1_000) / CALLS;
  });
  return Math.min(...rounds);
}

const simple = createRateLimit(clock, "Calls come");
const baseline = measure((call) => simple.take(`key_${call % KEYS}`, MUCH));
console.log(`one bucket per key: ${baseline.toFixed(3)} µs`);
const idle = openLimiter(0);
const none = measure(() => idle.has("proj_1"));
console.log(`a project without limits: ${none.toFixed(4)} µs`);
for (const count of [1, 3, 5]) {
  const limiter = openLimiter(count);
  const micros = measure((call) => {
    const reservation = limiter.reserve(orderOf(call));
    reservation?.headers();
    reservation?.settle(SPENT);
  });
  console.log(
    `reserve, headers and settle with ${count} limits: ${micros.toFixed(2)} µs, ratio ${(micros / baseline).toFixed(1)}`,
  );
}

const { gc } = globalThis as { gc?: () => void };
const heapMiB = () => {
  gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
const shifted = { now: 0 };
const crowded = createLimiter({
  clock: { now: () => Date.now() + shifted.now, elapsed: () => performance.now() + shifted.now },
  prices: { cost: () => 0.001 },
  onCharge: () => {},
  onThreshold: () => {},
});
crowded.put(limitOf("lim_keys", { scope: "key" }));
const before = heapMiB();
for (let call = 0; call < KEYS; call++) crowded.reserve(orderOf(call))?.settle(SPENT);
console.log(`${KEYS} keys: ${(heapMiB() - before).toFixed(1)} MiB`);
const started = performance.now();
for (let call = 0; call < CHECKS; call++) crowded.reserve(orderOf(call))?.settle(SPENT);
const perSecond = CHECKS / ((performance.now() - started) / 1_000);
console.log(
  `${KEYS} keys, ${CHECKS} checks: ${perSecond.toFixed(0)} per second (goal 10,000), then ${(heapMiB() - before).toFixed(1)} MiB`,
);
shifted.now = PERIOD_MS;
crowded.sweep();
const left = crowded.find("proj_1", "lim_keys")?.counters.size;
console.log(`after an hour without calls: ${left} counters, ${(heapMiB() - before).toFixed(1)} MiB`);
