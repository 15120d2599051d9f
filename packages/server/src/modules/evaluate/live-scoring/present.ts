import type { LiveRule, LiveScore } from "@treadle/contract";
import { overBudget, spentToday } from "./daily-budget.ts";
import type { LiveScoreRow } from "./live-score-store.ts";
import type { RuleRow } from "./rule-store.ts";

type Shown = { readonly names: ReadonlyMap<string, string>; readonly now: number };

export function toLiveRule(row: RuleRow, { names, now }: Shown): LiveRule {
  const today = spentToday(row, now);
  return {
    ruleId: row.id,
    name: row.name,
    filter: row.filter,
    target: row.target,
    samplingRate: row.samplingRate,
    scorers: row.scorers,
    scoreNames: row.scoreNames,
    budget: row.budget,
    isEnabled: row.isEnabled,
    counts: { scored: row.scored, undefined: row.undefinedScores, failed: row.failed, skipped: row.skipped },
    today: { costUsd: today.usd, tokens: today.tokens, isOverBudget: overBudget(row, today) !== null },
    lastScoredAt: row.lastScoredAt?.toISOString() ?? null,
    lastError: row.lastError,
    createdBy: names.get(row.createdBy) ?? row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export const toLiveScore = ({ traceId, spanId, name, state, ...row }: LiveScoreRow): LiveScore => ({
  traceId,
  spanId,
  name,
  state,
  value: row.value,
  label: row.label,
  reason: row.reason,
  costUsd: row.costUsd,
  tokens: row.tokens,
  scoredAt: row.scoredAt.toISOString(),
});
