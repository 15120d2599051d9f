import type { ModelPrice } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { createPriceTable } from "./price-table.ts";
import { costOf, flat, type PricedUsage, type Rates } from "./rate.ts";
import { sellerOf } from "./seller.ts";

/** A price that was found under another provider's name than the call's. */
type SoldPrice = { readonly usd: number; readonly seller: string };

export type Priced = { readonly provider: string; readonly model: string; readonly usage: PricedUsage };

/** Prices calls by a project's own prices, then by the kept table. Holds nothing but what it has looked up, so each thread can have one. */
export function createPricer(clock: Clock) {
  const table = createPriceTable(clock);
  return {
    table,
    /** US dollars, computed in microseconds without waiting. Null if the price is unknown, 0 for a local model. */
    cost(own: readonly ModelPrice[], { provider, model, usage }: Priced): number | null {
      if (provider === "local") return 0;
      const mine = bestMatch(own, provider, model);
      const rates = mine ? toRates(mine) : table(provider, model);
      return rates ? costOf(rates, usage) : null;
    },
    /** The list price of a known model whose provider's name has no price list, as senders of traces write it. */
    costOfModel({ usage, ...named }: Priced): SoldPrice | null {
      const sold = sellerOf(named, new Date(clock.now()));
      const rates = sold && table(sold.provider, sold.model);
      return sold && rates ? { usd: costOf(rates, usage), seller: sold.provider } : null;
    },
  };
}

/** An exact name before a pattern, a longer pattern before a shorter one, the provider itself before `*`. */
export function bestMatch(prices: readonly ModelPrice[], provider: string, model: string): ModelPrice | undefined {
  const fits = (price: ModelPrice) =>
    (price.provider === provider || price.provider === "*") &&
    (price.model === model || (price.model.endsWith("*") && model.startsWith(price.model.slice(0, -1))));
  const rank = (price: ModelPrice) =>
    (price.model === model && !price.model.endsWith("*") ? 1e6 : price.model.length * 2) +
    (price.provider === provider ? 1 : 0);
  return prices.filter(fits).toSorted((a, b) => rank(b) - rank(a))[0];
}

const orNull = (price: number | null) => (price === null ? null : flat(price));
const toRates = (price: ModelPrice): Rates => ({
  input: flat(price.inputUsdPerMillion),
  output: flat(price.outputUsdPerMillion),
  cachedInput: orNull(price.cachedInputUsdPerMillion),
  cacheWrite: orNull(price.cacheWriteUsdPerMillion),
  reasoning: orNull(price.reasoningUsdPerMillion),
  call: 0,
});
