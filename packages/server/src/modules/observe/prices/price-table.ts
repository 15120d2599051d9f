import { calcPrice } from "@pydantic/genai-prices";
import type { Clock } from "../../../kernel/clock.ts";
import { flat, type Rate, type Rates } from "./rate.ts";
import { listOfProvider } from "./seller.ts";

/** Some prices change with the time of day, so that what was looked up is not kept for longer. */
const MAX_AGE_MS = 10 * 60_000;
const MOST_KEPT = 5_000;

type Kept = { readonly rates: Rates | null; readonly at: number };

/** The table of list prices that ships with the program; nothing is fetched. A look-up costs a tenth of a millisecond, a kept one nothing. */
export function createPriceTable(clock: Clock) {
  const cache = new Map<string, Kept>();

  /** Null for a service or a model that the table does not know: a price is never guessed from another service's. */
  return function find(provider: string, model: string): Rates | null {
    const key = `${provider}\n${model}`;
    const known = cache.get(key);
    const now = clock.now();
    if (known && now - known.at < MAX_AGE_MS) return known.rates;
    if (cache.size >= MOST_KEPT) cache.clear();
    const rates = lookUp(provider, model, new Date(now));
    cache.set(key, { rates, at: now });
    return rates;
  };
}

function lookUp(provider: string, model: string, timestamp: Date): Rates | null {
  const providerId = listOfProvider(provider);
  if (providerId === undefined) return null;
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerId, timestamp });
  if (!found) return null;
  const { model_price: price } = found;
  const input = toRate(price.input_mtok);
  const output = toRate(price.output_mtok);
  const call = typeof price.requests_kcount === "number" ? price.requests_kcount / 1_000 : 0;
  if (!input && !output && call === 0) return null;
  return {
    input: input ?? flat(0),
    output: output ?? flat(0),
    cachedInput: toRate(price.cache_read_mtok),
    cacheWrite: toRate(price.cache_write_mtok),
    reasoning: toRate(price.output_reasoning_mtok),
    call,
  };
}

type TablePrice =
  | number
  | { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] }
  | undefined;

function toRate(price: TablePrice): Rate | null {
  if (price === undefined) return null;
  if (typeof price === "number") return flat(price);
  return { base: price.base, steps: price.tiers.toSorted((a, b) => a.start - b.start) };
}
