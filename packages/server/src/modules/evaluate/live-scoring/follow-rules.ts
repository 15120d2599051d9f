import { z } from "zod";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import { overBudget, spentToday } from "./daily-budget.ts";
import { createDelivery } from "./deliver-scores.ts";
import type { BoundScorer, LiveScoringDeps } from "./deps.ts";
import { createTraceReading, wantsTrace } from "./read-trace.ts";
import { wholeFilter } from "./rule-filter.ts";
import { createRuleStore, type RuleRow } from "./rule-store.ts";
import { createSpanScoring, keepScores } from "./score-spans.ts";
import { createWaitingScoreStore } from "./waiting-score-store.ts";

export const FOLLOW_KIND: JobKind<object, null> = { name: "live-scoring", payload: z.object({}), state: z.null() };

const BATCH = 50;
/** One rule does not hold up the others. */
const MOST_MS = 20_000;
/** Longer than a backfill reaches back, so that it knows what was scored. */
const KEPT_DAYS = 120;

type Ready = { readonly scope: Scope; readonly rule: RuleRow; readonly bound: readonly BoundScorer[] };

/** Scores what has come since last time, for each rule of a project that is not paused. */
export function followRules(deps: LiveScoringDeps): JobHandler<object, null> {
  const { db, traces, scorers, clock } = deps;
  const rules = createRuleStore(db);
  const score = createSpanScoring(deps);
  const deliver = createDelivery(deps);
  const reading = createTraceReading(deps);

  const whyOver = (rule: RuleRow) => overBudget(rule, spentToday(rule, clock.now())) ?? "";

  /** New spans after the rule's position. For a rule on whole traces, only complete traces. */
  async function listReady({ scope, rule, bound }: Ready) {
    const after = { receivedMs: rule.placeMs, traceId: rule.placeTraceId, spanId: rule.placeSpanId };
    const query = { after, filter: wholeFilter(rule), limit: BATCH, share: rule.samplingRate };
    const received = await traces.listReceived(scope.projectId, query);
    if (received.spans.length === 0 || !wantsTrace(rule, bound)) return received;
    const settled = await reading.settled({ projectId: scope.projectId, spans: received.spans });
    const open = received.spans.findIndex((span) => !settled.has(span));
    if (open === -1) return received;
    // The position stops at the first span that is waited for.
    return open === 0 ? { spans: [], end: null } : traces.listReceived(scope.projectId, { ...query, limit: open });
  }

  /** Scores what is ready; null when nothing is, or the rule is gone. */
  async function takeBatch(scope: Scope, rule: RuleRow, signal: AbortSignal) {
    const bound = await scorers.bind(scope, rule.scorers);
    const { spans, end } = await listReady({ scope, rule, bound });
    if (end === null) return null;
    const place = { placeMs: end.receivedMs, placeTraceId: end.traceId, placeSpanId: end.spanId };
    if (spans.length === 0) {
      await rules.update(scope.projectId, rule.id, { ...place, lastError: whyOver(rule) });
      return null;
    }
    const { rows, progress, stopped } = await score({ rule, bound, spans, retryFailed: false, signal });
    const next = await keepScores(db, rule, { rows, progress, place: { ...place, lastError: stopped } });
    await deliver(scope.projectId, signal);
    return next && spans.length === BATCH ? next : null;
  }

  async function follow(scope: Scope, begun: RuleRow, signal: AbortSignal): Promise<void> {
    const until = clock.elapsed() + MOST_MS;
    for (let rule: RuleRow | null = begun; rule?.isEnabled && clock.elapsed() < until; ) {
      signal.throwIfAborted();
      rule = await takeBatch(scope, rule, signal);
    }
  }

  return {
    async run({ scope, signal }) {
      await deliver(scope.projectId, signal);
      for (const rule of await rules.listEnabled(scope.projectId)) {
        try {
          await follow(scope, rule, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          await rules.update(scope.projectId, rule.id, { lastError: error.message.slice(0, 2_000) });
        }
      }
      const before = new Date(clock.now() - KEPT_DAYS * DAY_MS);
      await createWaitingScoreStore(db).deleteOlderThan(scope.projectId, before);
      return null;
    },
  };
}
