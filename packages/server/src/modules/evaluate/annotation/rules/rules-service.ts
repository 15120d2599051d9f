import type { AnnotationRule, DriftPreview, DriftTrigger } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { askedText } from "../queues/asked-text.ts";
import { checkMayRead } from "../queues/check-may-read.ts";
import { createRuleStore, type RuleRow } from "../stores/rule-store.ts";
import { newestEnd, toRecord } from "./drift/follow-drift.ts";
import { lookForDrift } from "./drift/look-for-drift.ts";
import { followRules, RULES_KIND } from "./follow-rules.ts";
import { checkTrigger, createRuleWrites, type RuleDeps } from "./write-rules.ts";

const LOOK_MS = 120_000;
const MOST_SHOWN = 12;
const PREVIEW = 300;

/** Rules that bring traces into queues by themselves. */
export function createRules(deps: RuleDeps) {
  const { db, jobs, clock, namesOf, queues } = deps;
  const store = createRuleStore(db);
  jobs.register(RULES_KIND, followRules(deps));

  async function describe(scope: Scope, rows: readonly RuleRow[]): Promise<AnnotationRule[]> {
    const names = await namesOf(
      scope.projectId,
      rows.map(({ createdBy }) => createdBy),
    );
    return rows.map((row) => toRule(row, names.get(row.createdBy) ?? row.createdBy, clock.now()));
  }
  async function describeOne(scope: Scope, row: RuleRow): Promise<AnnotationRule> {
    const [rule] = await describe(scope, [row]);
    if (!rule) throw new AppError("internal");
    return rule;
  }
  async function find(scope: Scope, { queueId, ruleId }: { queueId: string; ruleId: string }): Promise<RuleRow> {
    const row = await store.find(scope.projectId, ruleId);
    if (!row || row.queueId !== queueId) throw notFound("annotation rule", ruleId);
    return row;
  }

  return {
    /** Previews a drift rule. Nothing is added, and it does not count as a test. */
    async lookForDrift(scope: Scope, queueId: string, trigger: DriftTrigger): Promise<DriftPreview> {
      checkMayRead(scope, "traces:read");
      await queues.find(scope, queueId);
      checkTrigger(trigger);
      const order = { projectId: scope.projectId, trigger, to: newestEnd(clock.now()) };
      const drift = { picked: deps.traces.picked, embed: deps.embed, ask: deps.ask, clock };
      const { report, taken } = await lookForDrift(drift, order, AbortSignal.timeout(LOOK_MS));
      const spans = taken.slice(0, MOST_SHOWN).map(({ judged: { span }, reason }) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        reason,
        preview: (askedText(span) || span.name).slice(0, PREVIEW),
      }));
      return { ...report, spans };
    },

    ...createRuleWrites(deps, { find, describe: describeOne }),

    async list(scope: Scope, queueId: string) {
      await queues.find(scope, queueId);
      return wholeList(await describe(scope, await store.list(queueId)));
    },
  };
}

function toRule(row: RuleRow, createdBy: string, now: number): AnnotationRule {
  const isToday = row.addedDay === new Date(now).toISOString().slice(0, 10);
  return {
    ruleId: row.id,
    queueId: row.queueId,
    name: row.name,
    trigger: row.trigger,
    priority: row.priority,
    mostPerDay: row.mostPerDay,
    isEnabled: row.isEnabled,
    added: row.added,
    lastError: row.lastError,
    drift: toRecord(row),
    addedToday: isToday ? row.addedToday : 0,
    lastAddedAt: row.lastAddedAt?.toISOString() ?? null,
    createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
