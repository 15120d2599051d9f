import type { Judged, Span } from "@treadle/contract";
import { newId } from "../../../kernel/ids.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { dayOf, overBudget, type Spent, spentToday } from "./daily-budget.ts";
import type { BoundScorer, LiveScoringDeps } from "./deps.ts";
import { createLiveScoreStore, type LiveScoreRow, scoreKey } from "./live-score-store.ts";
import { makerOf } from "./maker-of.ts";
import { createTraceReading, wantsTrace } from "./read-trace.ts";
import { createRuleStore, type Progress, type RuleRow } from "./rule-store.ts";
import { sampleOfSpan } from "./sample-of-span.ts";
import type { TraceContext } from "./trace-context.ts";

const WIDTH = 4;
const MOST_REASON = 10_000;
const MOST_LABEL = 200;

export type Order = {
  readonly rule: RuleRow;
  readonly bound: readonly BoundScorer[];
  readonly spans: readonly Span[];
  /** Earlier failures are retried. */
  readonly retryFailed: boolean;
  readonly signal: AbortSignal;
};
type Task = {
  readonly span: Span;
  readonly missing: readonly BoundScorer[];
  /** Omitted if the rule needs only the span. */
  readonly context?: TraceContext | undefined;
};

/** Scores spans for a rule, a few at once and within its budget, and returns the records to write. */
export function createSpanScoring({ db, traces, clock }: Pick<LiveScoringDeps, "db" | "traces" | "clock">) {
  const reading = createTraceReading({ traces, clock });

  async function listTasks({ rule, bound, spans, retryFailed }: Order): Promise<Task[]> {
    const traceIds = [...new Set(spans.map(({ traceId }) => traceId))];
    const states = await createLiveScoreStore(db).listStates(rule.id, traceIds);
    const tasks = spans.flatMap((span): Task[] => {
      const missing = bound.filter((scorer) => {
        const state = states.get(scoreKey({ ...span, name: scorer.key, madeBy: makerOf(scorer) }));
        return state === undefined || (retryFailed && state === "failed");
      });
      return missing.length > 0 ? [{ span, missing }] : [];
    });
    if (tasks.length === 0 || !wantsTrace(rule, bound)) return tasks;
    const contexts = await reading.contexts({ projectId: rule.projectId, spans: tasks.map(({ span }) => span) });
    return tasks.map((task) => ({ ...task, context: contexts.get(task.span) }));
  }

  return async function score(order: Order): Promise<{ rows: LiveScoreRow[]; progress: Progress; stopped: string }> {
    const { rule, signal } = order;
    const tasks = await listTasks(order);
    const before = spentToday(rule, clock.now());
    const batchId = newId("batch", clock.now());
    const rows: LiveScoreRow[] = [];
    let [next, skipped, stopped] = [0, 0, ""];
    async function work(): Promise<void> {
      for (let task = tasks[next++]; task; task = tasks[next++]) {
        stopped = overBudget(rule, add(before, rows)) ?? "";
        if (stopped === "") rows.push(...(await scoreSpan(task, { rule, batchId, signal, now: clock.now })));
        else skipped += 1;
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, work));
    const used = add({ usd: 0, tokens: 0 }, rows);
    const scoredAt = rows.at(-1)?.scoredAt ?? null;
    const counts = { ...countStates(rows), skipped };
    return { rows, progress: { ...counts, day: dayOf(clock.now()), ...used, scoredAt }, stopped };
  };
}

type Scoring = Pick<Order, "rule" | "signal"> & { readonly batchId: string; now(): number };

async function scoreSpan(
  { span, missing, context }: Task,
  { rule, batchId, signal, now }: Scoring,
): Promise<LiveScoreRow[]> {
  const sample = sampleOfSpan(span, context);
  if (sample === null) return [];
  const lacks = ({ needs }: BoundScorer) => needs.includes("documents") && context?.documents.length === 0;
  const judged = await Promise.all(
    missing.map((scorer) => (lacks(scorer) ? withoutScore(context?.lacking ?? "") : scorer.score(sample, { signal }))),
  );
  return judged.map((one, at) => {
    const scorer = missing[at];
    const { state, value } = withFinite(one);
    return {
      ruleId: rule.id,
      projectId: rule.projectId,
      traceId: span.traceId,
      spanId: span.spanId,
      name: scorer?.key ?? "",
      madeBy: scorer ? makerOf(scorer) : "",
      state,
      value,
      label: one.label === null ? null : storable(one.label, MOST_LABEL),
      reason: storable(one.reason, MOST_REASON),
      costUsd: one.costUsd,
      tokens: Math.round(one.tokens),
      scoredAt: new Date(now()),
      batchId: state === "scored" ? batchId : null,
    };
  });
}

/** No call, and no invented score. */
const withoutScore = (reason: string): Judged => ({
  state: "undefined",
  value: null,
  label: null,
  reason,
  costUsd: null,
  tokens: 0,
});

const withFinite = ({ state, value }: Judged) =>
  value === null || Number.isFinite(value)
    ? { state, value: state === "scored" ? value : null }
    : { state: "undefined" as const, value: null };

/** Neither store accepts U+0000 or half of a surrogate pair. */
const storable = (text: string, most: number) => text.slice(0, most).replaceAll("\0", "\uFFFD").toWellFormed();

const add = (before: Spent, rows: readonly Pick<LiveScoreRow, "costUsd" | "tokens">[]): Spent =>
  rows.reduce<Spent>(
    ({ usd, tokens }, row) => ({
      usd: usd === null || (row.costUsd === null && row.tokens > 0) ? null : usd + (row.costUsd ?? 0),
      tokens: tokens + row.tokens,
    }),
    before,
  );

function countStates(rows: readonly Pick<LiveScoreRow, "state">[]) {
  const of = (wanted: LiveScoreRow["state"]) => rows.filter(({ state }) => state === wanted).length;
  return { scored: of("scored"), undefined: of("undefined"), failed: of("failed") };
}

/** Writes the scores, their cost, and the rule's new position in one transaction. */
export async function keepScores(
  db: Postgres,
  rule: RuleRow,
  { rows, progress, place }: { rows: readonly LiveScoreRow[]; progress: Progress; place?: Partial<RuleRow> },
): Promise<RuleRow | undefined> {
  return db.transaction(async (tx) => {
    const store = createRuleStore(tx);
    const next = await store.add(rule.projectId, rule.id, progress);
    if (!next) return undefined;
    await createLiveScoreStore(tx).add(rows);
    return place ? store.update(rule.projectId, rule.id, place) : next;
  });
}
