import { AppError } from "../../kernel/errors.ts";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8_000;
/** A provider that asks for more patience than this is not waited for. */
const LONGEST_RETRY_AFTER_MS = 15_000;

/**
 * How long to wait before another try, in milliseconds: what the provider asks for, or a random part of a bound that
 * doubles with each retry, so that many callers do not come back at once. Null: it is not worth waiting.
 */
export function retryDelay(retry: number, retryAfterMs: number | null, random: () => number): number | null {
  if (retryAfterMs !== null)
    return retryAfterMs <= LONGEST_RETRY_AFTER_MS ? retryAfterMs + random() * FIRST_WAIT_MS : null;
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retry);
}

/** Throws `cancelled` when the signal is aborted meanwhile. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(new AppError("cancelled"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
  });
}

type Weighted = { readonly weight: number };

/** One of the items, each as likely as its share of all weights. Undefined for an empty list; the first when every weight is 0. */
export function drawByWeight<Item extends Weighted>(items: readonly Item[], random: () => number): Item | undefined {
  if (items.length <= 1) return items[0];
  let rest = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items.find(({ weight }) => weight > 0) ?? items[0];
}

/** The drawn item first, then the others, each drawn from what is left. */
export function orderByWeight<Item extends Weighted>(items: readonly Item[], random: () => number): readonly Item[] {
  const first = drawByWeight(items, random);
  if (first === undefined || items.length === 1) return items;
  return [
    first,
    ...orderByWeight(
      items.filter((item) => item !== first),
      random,
    ),
  ];
}
