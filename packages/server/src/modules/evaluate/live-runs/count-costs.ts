import type { Run } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { createPeriodStore, type PeriodRow } from "./period-store.ts";

const ENDED: ReadonlySet<Run["status"]> = new Set(["done", "failed", "cancelled"]);

/** A run that ended can be resumed, and then costs more. */
const RESUMABLE_MS = 7 * DAY_MS;

/** Counts the cost of a project's scheduled runs in the daily budgets of their rules, each part once. */
export async function countCosts({ db, rules, runs, clock }: LiveRunsDeps, scope: Scope): Promise<void> {
  const since = new Date(clock.now() - RESUMABLE_MS);
  const open = await createPeriodStore(db).listCounting(scope.projectId, since);
  if (open.length === 0) return;
  const ids = open.map(({ runId }) => runId);
  const byId = new Map((await runs.listByIds(scope, ids)).map((run) => [run.runId, run]));
  for (const row of open) {
    const run = byId.get(row.runId);
    const { usd, tokens } = costOf(run, row);
    const added = {
      usd: usd === null || row.countedUsd === null ? null : usd - row.countedUsd,
      tokens: tokens - row.countedTokens,
    };
    const isCounted = run === undefined || ENDED.has(run.status);
    const isSpent = added.tokens > 0 || added.usd !== 0;
    if (!isSpent && isCounted === row.isCounted) continue;
    await db.transaction(async (tx) => {
      if (isSpent) await rules.budget.count(tx, scope, { ruleId: row.ruleId, ...added });
      const counted = { countedUsd: usd, countedTokens: tokens, isCounted };
      await createPeriodStore(tx).update(row, { ...counted, updatedAt: new Date(clock.now()) });
    });
  }
}

/** The cost of scoring so far. A deleted run has cost what was counted. */
function costOf(run: Run | undefined, { countedUsd, countedTokens }: PeriodRow) {
  const spent = run?.scoring?.spent;
  if (!spent) return { usd: countedUsd, tokens: countedTokens };
  return { usd: spent.unpricedCalls > 0 ? null : spent.usd, tokens: spent.tokens };
}
