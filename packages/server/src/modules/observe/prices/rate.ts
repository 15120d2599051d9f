/** A price that may rise with the size of the prompt: from `start` input tokens on, `price` holds for the whole call. */
export type Step = { readonly start: number; readonly price: number };
export type Rate = { readonly base: number; readonly steps: readonly Step[] };

/** US dollars per million tokens. Null means the price of the related field. */
export type Rates = {
  readonly input: Rate;
  readonly output: Rate;
  /** Null: as input. */
  readonly cachedInput: Rate | null;
  /** Null: as input. */
  readonly cacheWrite: Rate | null;
  /** Null: as output. */
  readonly reasoning: Rate | null;
  /** US dollars for each call, whatever its size. */
  readonly call: number;
};

/** Tokens of a call. Input includes cached and cache-written tokens, output includes reasoning tokens. */
export type PricedUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
};

export const flat = (price: number): Rate => ({ base: price, steps: [] });

/** US dollars of one call. */
export function costOf(rates: Rates, usage: PricedUsage): number {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  const at = ({ base, steps }: Rate) =>
    steps.reduce((price, step) => (inputTokens > step.start ? step.price : price), base);
  const plainInput = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
  const plainOutput = Math.max(0, outputTokens - reasoningTokens);
  const perMillion =
    plainInput * at(rates.input) +
    cachedInputTokens * at(rates.cachedInput ?? rates.input) +
    cacheWriteTokens * at(rates.cacheWrite ?? rates.input) +
    plainOutput * at(rates.output) +
    reasoningTokens * at(rates.reasoning ?? rates.output);
  return perMillion / 1e6 + rates.call;
}
