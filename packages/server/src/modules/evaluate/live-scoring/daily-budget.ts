import type { RuleRow } from "./rule-store.ts";

export const dayOf = (now: number) => new Date(now).toISOString().slice(0, 10);

/** A rule's usage of its day (UTC). */
export const spentToday = ({ spentDay, spentUsd, spentTokens }: RuleRow, now: number) =>
  spentDay === dayOf(now) ? { usd: spentUsd, tokens: spentTokens } : { usd: 0, tokens: 0 };

export type Spent = { readonly usd: number | null; readonly tokens: number };

/** Why a rule has to wait for the next day; null when it can continue. An unknown cost counts as over the limit. */
export function overBudget({ budget }: Pick<RuleRow, "budget">, { usd, tokens }: Spent): string | null {
  if (budget.tokens !== null && tokens >= budget.tokens)
    return `The daily budget of ${budget.tokens} tokens is used up. Scoring continues at midnight UTC.`;
  if (budget.usd === null) return null;
  if (usd === null)
    return "A judge's model has no price, so a budget in US dollars cannot be enforced. Set its price, or limit the tokens.";
  return usd >= budget.usd
    ? `The daily budget of ${budget.usd} US dollars is used up. Scoring continues at midnight UTC.`
    : null;
}
