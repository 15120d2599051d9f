import { calcPrice } from "@pydantic/genai-prices";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createPrices } from "./prices-service.ts";
import { addProject } from "./testing/add-project.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let postgres: PostgresStore;
let time = 0;
const clock = { now: () => Date.UTC(2026, 5, 1) + time, elapsed: () => time };
let audit: ReturnType<typeof createAudit>;
const open = async () => {
  const prices = createPrices({ db: postgres.db, audit, clock, log });
  await prices.start();
  return prices;
};
let prices: Awaited<ReturnType<typeof open>>;
let scope: Scope;
beforeAll(async () => {
  postgres = await openTestPostgres();
  audit = createAudit({ db: postgres.db, clock });
});
afterAll(() => postgres.close());
beforeEach(async () => {
  scope = await addProject(postgres.db, newId("proj"));
  prices = await open();
});

const usage = {
  inputTokens: 1_000_000,
  outputTokens: 1_000_000,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};
const own = {
  provider: "openai",
  model: "gpt-4o",
  inputUsdPerMillion: 7,
  outputUsdPerMillion: 9,
  cachedInputUsdPerMillion: null,
  cacheWriteUsdPerMillion: null,
  reasoningUsdPerMillion: null,
};
const cost = (provider: string, model: string, more: Partial<typeof usage> = {}) =>
  prices.cost(scope.projectId, { provider, model, usage: { ...usage, ...more } });

describe("the kept table", () => {
  test.each([
    ["openai", "gpt-4o"],
    ["openai", "gpt-4.1-mini"],
    ["anthropic", "claude-sonnet-4-5"],
    ["google", "gemini-2.5-pro"],
    ["groq", "llama-3.3-70b-versatile"],
    ["mistral", "mistral-large-latest"],
    ["deepseek", "deepseek-chat"],
  ])(
    "prices %s %s as its own calculation does, with cached and cache-written tokens and long prompts",
    (provider, model) => {
      for (const [inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens] of [
        [1_000, 0, 0, 500],
        [10_000, 4_000, 1_000, 20],
        [300_000, 100_000, 0, 1_000],
        [200_000, 0, 0, 1],
      ] as const) {
        const table = calcPrice(
          {
            input_tokens: inputTokens,
            output_tokens: outputTokens,
            cache_read_tokens: cachedInputTokens,
            cache_write_tokens: cacheWriteTokens,
          },
          model,
          { providerId: provider, timestamp: new Date(clock.now()) },
        );
        const asked = { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens };
        expect(cost(provider, model, asked)).toBeCloseTo(table?.total_price ?? Number.NaN, 10);
      }
    },
  );

  test("is found by the names that connections go by", () => {
    expect(cost("gemini", "gemini-2.5-pro")).toBe(cost("google", "gemini-2.5-pro"));
    expect(cost("bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0")).toBeGreaterThan(0);
    expect(cost("xai", "grok-3")).toBeGreaterThan(0);
  });

  test("knows no price for a model or a service that it does not list, and never takes another service's", () => {
    expect(cost("openai", "no-such-model-9")).toBeNull();
    expect(cost("openai-compatible", "gpt-4o")).toBeNull();
    expect(cost("vllm", "gpt-4o")).toBeNull();
    expect(cost("", "gpt-4o")).toBeNull();
  });

  test("a local model costs nothing", () => {
    expect(cost("local", "smollm2-135m-instruct")).toBe(0);
  });
});

describe("a project's own price", () => {
  test("overrides the table immediately, for this project only, until it is deleted", async () => {
    const before = cost("openai", "gpt-4o");
    const saved = await prices.save(scope, own);
    expect(cost("openai", "gpt-4o")).toBe(16);
    expect(prices.cost("another", { provider: "openai", model: "gpt-4o", usage })).toBe(before);
    await prices.remove(scope, saved.priceId);
    expect(cost("openai", "gpt-4o")).toBe(before);
    await expect(prices.remove(scope, saved.priceId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("for the same provider and model replaces the previous price and retains its id", async () => {
    const first = await prices.save(scope, own);
    const second = await prices.save(scope, { ...own, inputUsdPerMillion: 1 });
    expect(second).toMatchObject({ priceId: first.priceId, inputUsdPerMillion: 1 });
    expect(await prices.list(scope)).toEqual([second]);
  });

  test("is chosen from the exact name, then the longest beginning, then the provider itself before any", async () => {
    const set = (provider: string, model: string, price: number) =>
      prices.save(scope, { ...own, provider, model, inputUsdPerMillion: price, outputUsdPerMillion: 0 });
    await set("*", "*", 1);
    await set("*", "gpt-*", 2);
    await set("openai", "gpt-*", 3);
    await set("openai", "gpt-5*", 4);
    await set("*", "gpt-5-mini", 5);
    expect(cost("vllm", "llama")).toBe(1);
    expect(cost("azure", "gpt-4")).toBe(2);
    expect(cost("openai", "gpt-4")).toBe(3);
    expect(cost("openai", "gpt-5-nano")).toBe(4);
    expect(cost("openai", "gpt-5-mini")).toBe(5);
  });

  test("prices cached, cache-written and reasoning tokens as set, or as input and output where not", async () => {
    await prices.save(scope, own);
    const parts = { cachedInputTokens: 500_000, cacheWriteTokens: 200_000, reasoningTokens: 400_000 };
    expect(cost("openai", "gpt-4o", parts)).toBeCloseTo(16, 10);
    await prices.save(scope, {
      ...own,
      cachedInputUsdPerMillion: 1,
      cacheWriteUsdPerMillion: 10,
      reasoningUsdPerMillion: 20,
    });
    expect(cost("openai", "gpt-4o", parts)).toBeCloseTo(0.3 * 7 + 0.5 * 1 + 0.2 * 10 + 0.6 * 9 + 0.4 * 20, 10);
  });

  test("with a star in the middle is refused", async () => {
    await expect(prices.save(scope, { ...own, model: "gpt-*-mini" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("of another project cannot be deleted", async () => {
    const saved = await prices.save(scope, own);
    const other = await addProject(postgres.db, newId("proj"));
    await expect(prices.remove(other, saved.priceId)).rejects.toMatchObject({ code: "not_found" });
    expect(await prices.list(other)).toEqual([]);
  });

  test("that another server saved is used after a while, and after a restart", async () => {
    const other = await open();
    await other.save(scope, own);
    expect(cost("openai", "gpt-4o")).not.toBe(16);
    time += 11_000;
    cost("openai", "gpt-4o");
    await expect.poll(() => cost("openai", "gpt-4o")).toBe(16);
    prices = await open();
    expect(cost("openai", "gpt-4o")).toBe(16);
  });
});

test("a look-up says where the price comes from", async () => {
  expect(await prices.lookUp(scope, { provider: "openai", model: "gpt-4o" })).toMatchObject({
    source: "table",
    price: { inputUsdPerMillion: 2.5, cachedInputUsdPerMillion: 1.25, outputUsdPerMillion: 10 },
  });
  await prices.save(scope, own);
  expect(await prices.lookUp(scope, { provider: "openai", model: "gpt-4o" })).toEqual({
    source: "project",
    price: own,
  });
  expect(await prices.lookUp(scope, { provider: "openai", model: "nothing" })).toEqual({
    source: "unknown",
    price: null,
  });
});

test("who set or removed a price is in the audit log", async () => {
  const { priceId: id } = await prices.save(scope, own);
  await prices.remove(scope, id);
  const { items } = await audit.list(scope, { limit: 10 });
  expect(items.map(({ action, target }) => [action, target]).sort()).toEqual([
    ["model-price.delete", id],
    ["model-price.save", id],
  ]);
});
