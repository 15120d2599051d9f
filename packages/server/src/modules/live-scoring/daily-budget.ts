import type { RuleRow } from "./rule-store.ts";

export const dayOf = (now: number) => new Date(now).toISOString().slice(0, 10);

/** What a rule has used of its day (UTC). */
export const spentToday = ({ spentDay, spentUsd, spentTokens }: RuleRow, now: number) =>
  spentDay === dayOf(now) ? { usd: spentUsd, tokens: spentTokens } : { usd: 0, tokens: 0 };

export type Spent = { readonly usd: number | null; readonly tokens: number };

/** Why a rule has to wait for the next day; null while it need not. A cost that nobody knows is no cost within a limit. */
export function overBudget({ budget }: Pick<RuleRow, "budget">, { usd, tokens }: Spent): string | null {
  if (budget.tokens !== null && tokens >= budget.tokens)
    return `The budget of ${budget.tokens} tokens a day is used up; scoring goes on at midnight UTC.`;
  if (budget.usd === null) return null;
  if (usd === null)
    return "A judge's model has no price, so a budget in US dollars cannot be kept. Give it a price, or limit the tokens.";
  return usd >= budget.usd
    ? `The budget of ${budget.usd} US dollars a day is used up; scoring goes on at midnight UTC.`
    : null;
}
