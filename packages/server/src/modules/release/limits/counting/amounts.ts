import type { SpendOrder } from "../../../build/gateway/index.ts";
import type { ActiveLimit } from "./active-limit.ts";

/** What one attempt uses, estimated or actual. */
export type Amounts = {
  readonly tokens: number;
  /** Null if the price is unknown. */
  readonly costUsd: number | null;
};

const PER_MILLION = 1_000_000;

/** What a limit counts of an attempt. Null for an unknown price that the limit rejects. */
export function amountFor({ stored }: ActiveLimit, { tokens, costUsd }: Amounts): number | null {
  switch (stored.measure) {
    case "requests":
    case "concurrency":
      return 1;
    case "tokens":
      return tokens;
    case "cost":
      return costUsd ?? unknownCost(stored, tokens);
    default:
      return stored.measure satisfies never;
  }
}

function unknownCost(
  { unknownPrice, defaultPriceUsdPerMillion }: ActiveLimit["stored"],
  tokens: number,
): number | null {
  if (unknownPrice === "reject") return null;
  return unknownPrice === "zero" ? 0 : (tokens * (defaultPriceUsdPerMillion ?? 0)) / PER_MILLION;
}

/** Prices of all models; null for a model without one. */
export type Prices = {
  cost(
    projectId: string,
    call: {
      readonly provider: string;
      readonly model: string;
      readonly usage: {
        readonly inputTokens: number;
        readonly outputTokens: number;
        readonly cachedInputTokens: number;
        readonly cacheWriteTokens: number;
        readonly reasoningTokens: number;
      };
    },
  ): number | null;
};

/** The amounts of an attempt with that much output, at today's prices. A local model costs nothing. */
export function priced(prices: Prices, order: SpendOrder, outputTokens: number): Amounts {
  const { projectId, provider, model, inputTokens } = order;
  const tokens = inputTokens + outputTokens;
  if (provider === "local") return { tokens, costUsd: 0 };
  const usage = { inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
  return { tokens, costUsd: prices.cost(projectId, { provider, model, usage }) };
}
