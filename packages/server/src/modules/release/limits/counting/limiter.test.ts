import { expect, test } from "vitest";
import type { AppError } from "../../../../kernel/errors.ts";
import { limitOf, openTestLimiter, spent } from "../testing/open-test-limiter.ts";

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as AppError).code;
  }
}
function errorOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    return error as AppError;
  }
  throw new Error("nothing was refused");
}

test("a call takes from all of its limits or from none, and the error names the limit that refused", () => {
  const world = openTestLimiter(
    { name: "Project", amount: 100 },
    { name: "Per key", scope: "key", amount: 1, window: "day" },
    { name: "Per tag", scope: "tag", amount: 5, window: "day" },
  );
  world.reserve({ tags: ["a", "b"] });
  expect(errorOf(() => world.reserve({ tags: ["a"] }))).toMatchObject({
    code: "quota_exceeded",
    message: expect.stringContaining('The limit "Per key" for the key "key_1" is reached'),
    details: { limitId: "lim_2", scope: "key", value: "key_1" },
    headers: { "x-should-retry": "false" },
  });
  expect(world.counter(1)?.open).toBe(1);
  expect([world.counter(3, "a")?.reserved, world.counter(3, "b")?.reserved]).toEqual([1, 1]);
});

test("a named value, a disabled limit and an exempt caller", () => {
  const world = openTestLimiter(
    { scope: "user", value: "ada", amount: 1, window: "day", exempt: ["key_admin"] },
    { amount: 1, isEnabled: false },
  );
  expect(world.reserve({ userId: "bob" })).toBeNull();
  expect(world.reserve({ userId: "ada" })).not.toBeNull();
  expect(codeOf(() => world.reserve({ userId: "ada" }))).toBe("quota_exceeded");
  expect(world.reserve({ userId: "ada", actor: "key_admin" })).toBeNull();
});

test("an owner and the server itself are limited like any other caller", () => {
  const world = openTestLimiter({ amount: 1, window: "day" });
  world.reserve({ actor: "user_owner" });
  expect(codeOf(() => world.reserve({ actor: "user_owner" }))).toBe("quota_exceeded");
  expect(codeOf(() => world.reserve({ actor: "system" }))).toBe("quota_exceeded");
});

test("tokens are reserved by estimate and settled by usage", () => {
  const world = openTestLimiter({ measure: "tokens", amount: 1_000, window: "day" });
  const reservation = world.reserve({ inputTokens: 300, maxOutputTokens: 500 });
  expect(world.counter()).toMatchObject({ reserved: 800, used: 0 });
  reservation?.settle(spent({ inputTokens: 310, outputTokens: 40 }));
  reservation?.settle(spent({ inputTokens: 310, outputTokens: 40 }));
  expect(world.counter()).toMatchObject({ reserved: 0, used: 350, open: 0 });
});

test("an attempt that fails before its first byte costs nothing", () => {
  const world = openTestLimiter({ amount: 10 }, { measure: "tokens", amount: 1_000, window: "day" });
  world.reserve()?.release();
  expect(world.counter(1)?.tat).toBe(world.limiter.times().steady);
  expect(world.counter(2)).toMatchObject({ reserved: 0, used: 0 });
  expect(world.charges).toEqual([]);
});

test("an answer that broke off is charged more if more was used, and never less than was reserved", () => {
  const world = openTestLimiter({ measure: "tokens", amount: 10_000, window: "day" });
  world.reserve()?.settle(spent({ outputTokens: 5, isCertain: false }));
  expect(world.counter()?.used).toBe(200);
  world.reserve()?.settle(spent({ outputTokens: 900, isCertain: false }));
  expect(world.counter()?.used).toBe(1_200);
});

test("a caller that disconnects before the first byte pays for the input", () => {
  const world = openTestLimiter(
    { measure: "tokens", amount: 10_000, window: "day" },
    { measure: "cost", amount: 10, window: "day" },
  );
  world.reserve()?.abandon();
  expect([world.counter(1)?.used, world.counter(2)?.used]).toEqual([100, 0.1]);
});

test("the counters of requests and tokens are both free again after the edge of their window", () => {
  const world = openTestLimiter({ amount: 2 }, { measure: "tokens", amount: 400 });
  for (let call = 0; call < 2; call++) world.reserve()?.settle(spent({ outputTokens: 100 }));
  expect(codeOf(() => world.reserve())).toBe("rate_limited");
  world.pass(60_000);
  expect(world.reserve()?.headers()).toMatchObject({
    "x-ratelimit-remaining-requests": "1",
    "x-ratelimit-remaining-tokens": "200",
  });
});

test("a refused call is charged to no counter", () => {
  const world = openTestLimiter({ amount: 1 }, { measure: "tokens", amount: 10_000, window: "day" });
  world.reserve();
  for (let call = 0; call < 20; call++) expect(codeOf(() => world.reserve())).toBe("rate_limited");
  expect(world.counter(2)?.reserved).toBe(200);
});

test("calls that are running count, so that many at the same time do not overshoot", () => {
  const world = openTestLimiter({ measure: "cost", amount: 1, window: "month" });
  const passed = Array.from({ length: 200 }, () => codeOf(() => world.reserve())).filter((code) => code === null);
  expect(passed).toHaveLength(5);
});

test("a call above the burst has a message that no waiting helps", () => {
  const world = openTestLimiter({ measure: "tokens", amount: 1_000, burst: 150 });
  expect(errorOf(() => world.reserve())).toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("allows at most 150 at the same moment"),
  });
  expect(world.reserve({ maxOutputTokens: null })).not.toBeNull();
});

test("an answer without a limit is estimated from recent answers of the same model", () => {
  const world = openTestLimiter({ measure: "tokens", amount: 1_000_000, window: "day" });
  const reserved = () => {
    const before = world.counter()?.reserved ?? 0;
    const reservation = world.reserve({ maxOutputTokens: null });
    return { reservation, tokens: (world.counter()?.reserved ?? 0) - before };
  };
  expect(reserved().tokens).toBe(1_100);
  for (let call = 0; call < 20; call++) reserved().reservation?.settle(spent({ outputTokens: 50 }));
  expect(reserved().tokens).toBe(160);
});

test("concurrency counts calls that run", () => {
  const world = openTestLimiter({ measure: "concurrency", window: null, amount: 2, scope: "endpoint" });
  const first = world.reserve({ endpoint: "support" });
  world.reserve({ endpoint: "support" });
  expect(world.reserve({ endpoint: "other" })).not.toBeNull();
  expect(errorOf(() => world.reserve({ endpoint: "support" }))).toMatchObject({
    code: "rate_limited",
    retryAfterSeconds: 1,
  });
  first?.settle(spent());
  expect(world.reserve({ endpoint: "support" })).not.toBeNull();
});

test("a model that costs nothing passes a spent budget", () => {
  const world = openTestLimiter({ measure: "cost", amount: 0.1, window: "month" });
  expect(codeOf(() => world.reserve())).toBe("quota_exceeded");
  expect(world.reserve({ provider: "local", model: "llama" })).toBeNull();
  expect(world.reserve({ model: "free" })).toBeNull();
});

test("an unknown price is rejected, counted as zero with a flag, or replaced by the default price", () => {
  const cost = { measure: "cost", amount: 1, window: "day" } as const;
  const rejecting = openTestLimiter({ ...cost, unknownPrice: "reject" });
  expect(errorOf(() => rejecting.reserve({ model: "odd" })).message).toContain(
    'the price of the model "odd" is unknown',
  );
  const counting = openTestLimiter({ ...cost, unknownPrice: "zero" });
  counting.reserve({ model: "odd" })?.settle(spent({ costUsd: null }));
  expect(counting.counter()).toMatchObject({ used: 0, unpriced: 1 });
  const pricing = openTestLimiter({ ...cost, unknownPrice: "default", defaultPriceUsdPerMillion: 1_000 });
  pricing.reserve({ model: "odd" })?.settle(spent({ costUsd: null }));
  expect(pricing.counter()?.used).toBeCloseTo(0.12, 12);
});

test("a budget starts again with its period, and a call of the last period is charged to that one", () => {
  const world = openTestLimiter({ measure: "cost", amount: 0.2, window: "month" });
  const late = world.reserve();
  expect(codeOf(() => world.reserve())).toBe("quota_exceeded");
  world.pass(3_600_000);
  expect(world.reserve()).not.toBeNull();
  late?.settle(spent({ costUsd: 5 }));
  expect(world.counter()).toMatchObject({ used: 0, reserved: 0.2 });
});

test("a soft limit rejects nothing and reports each threshold once", () => {
  const world = openTestLimiter({ measure: "cost", amount: 1, window: "day", action: "warn" });
  for (let call = 0; call < 12; call++) world.reserve()?.settle(spent());
  expect(world.thresholds).toEqual([50, 80, 95]);
  expect(world.counter()?.used).toBeCloseTo(1.44, 9);
});

test("a reservation whose lease has ended is charged, and idle counters are freed", () => {
  const world = openTestLimiter({ scope: "key", amount: 60 }, { measure: "concurrency", window: null, amount: 5 });
  for (let key = 0; key < 10_000; key++) {
    const reservation = world.reserve({ actor: `key_${key}` });
    if (key > 0) reservation?.settle(spent());
  }
  expect(world.limiter.find("proj_1", "lim_1")?.counters.size).toBe(10_000);
  world.pass(90_001);
  world.limiter.sweep();
  world.limiter.sweep();
  expect(world.limiter.find("proj_1", "lim_1")?.counters.size).toBe(0);
  expect(world.counter(2)).toBeUndefined();
});

test("a change of a limit retains what is used", () => {
  const world = openTestLimiter({ amount: 10 }, { measure: "cost", amount: 1, window: "day" });
  for (let call = 0; call < 5; call++) world.reserve()?.settle(spent());
  world.limiter.put(limitOf({ limitId: "lim_1", amount: 6 }));
  expect(world.reserve()?.headers()["x-ratelimit-remaining-requests"]).toBe("0");
  world.limiter.put(limitOf({ limitId: "lim_2", measure: "cost", amount: 0.7, window: "day" }));
  expect(codeOf(() => world.reserve())).toBe("quota_exceeded");
});

test("rate-limit headers have the form of OpenAI or of Anthropic", () => {
  const world = openTestLimiter({ amount: 120 }, { measure: "tokens", amount: 6_000, burst: 600 });
  expect(world.reserve()?.headers()).toEqual({
    "x-ratelimit-limit-requests": "120",
    "x-ratelimit-remaining-requests": "119",
    "x-ratelimit-reset-requests": "500ms",
    "x-ratelimit-limit-tokens": "600",
    "x-ratelimit-remaining-tokens": "400",
    "x-ratelimit-reset-tokens": "2s",
  });
  expect(world.reserve({ headerStyle: "anthropic" })?.headers()).toMatchObject({
    "anthropic-ratelimit-requests-limit": "120",
    "anthropic-ratelimit-tokens-remaining": "200",
    "anthropic-ratelimit-tokens-reset": "2026-05-31T23:00:04.000Z",
  });
});
