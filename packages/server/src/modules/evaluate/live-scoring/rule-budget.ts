import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { dayOf, overBudget, type Spent, spentToday } from "./daily-budget.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { createRuleStore } from "./rule-store.ts";

/** What is left of a rule's budget today. Null for no limit. */
export type Left = { readonly usd: number | null; readonly tokens: number | null; readonly over: string | null };

const NOTHING_SCORED = { scored: 0, undefined: 0, failed: 0, skipped: 0, scoredAt: null };

/** The daily budget of a rule, for evaluations that use it too. */
export const createRuleBudget = ({ db, clock }: Pick<LiveScoringDeps, "db" | "clock">) => ({
  async left(scope: Scope, ruleId: string): Promise<Left> {
    const rule = await createRuleStore(db).find(scope.projectId, ruleId);
    if (!rule) throw notFound("live scoring rule", ruleId);
    const spent = spentToday(rule, clock.now());
    const { usd, tokens } = rule.budget;
    return {
      usd: usd === null ? null : usd - (spent.usd ?? usd),
      tokens: tokens === null ? null : tokens - spent.tokens,
      over: overBudget(rule, spent),
    };
  },

  /** Counts a cost in today's budget. */
  async count(tx: Postgres, scope: Scope, { ruleId, ...used }: Spent & { readonly ruleId: string }): Promise<void> {
    await createRuleStore(tx).add(scope.projectId, ruleId, { ...NOTHING_SCORED, ...used, day: dayOf(clock.now()) });
  },
});
