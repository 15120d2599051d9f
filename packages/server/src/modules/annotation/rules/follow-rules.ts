import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import { type SpanKey, scoresOf, whereSpans } from "../../traces/index.ts";
import type { ItemAdding } from "../add-items.ts";
import type { AnnotationDeps } from "../deps.ts";
import { createItemStore } from "../item-store.ts";
import type { Queues } from "../queues-service.ts";
import { incomingOfSpan } from "../sources/from-spans.ts";
import type { Incoming } from "../sources/incoming.ts";
import { findNovel } from "./find-novel.ts";
import { createRuleStore, type RuleRow } from "./rule-store.ts";
import { createTriggerStore } from "./trigger-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "columnar" | "traces" | "clock" | "embed"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly adding: Pick<ItemAdding, "bring">;
};
type Found = {
  readonly items: AsyncIterable<Incoming | null>;
  readonly place: Partial<RuleRow>;
  readonly more: boolean;
};

export const RULES_KIND: JobKind<object, null> = { name: "annotation-rules", payload: z.object({}), state: z.null() };

const BATCH = 50;
/** One rule does not hold up the others. */
const MOST_BATCHES = 20;
/** Scores may be written down so long after they were given; what the queue holds already is passed over. */
const LOOK_BACK_MS = 3_600_000;
const NOT_OURS = "-environment:evaluation";

const wholeFilter = (filter: string) => [filter.trim() === "" ? "" : `(${filter})`, NOT_OURS].filter(Boolean).join(" ");

/** Brings what has come since last time into the queues, for each rule of a project that is not paused. */
export function followRules({ db, columnar, traces, clock, embed, queues, adding }: Deps): JobHandler<object, null> {
  const rules = createRuleStore(db);
  const triggers = createTriggerStore(columnar, { scoresOf, whereSpans });

  async function* read(projectId: string, keys: readonly SpanKey[]) {
    for await (const judged of traces.picked.read(projectId, keys))
      yield incomingOfSpan(judged, { questions: [], suggest: {} });
  }

  /** Spans that were received behind the rule's place; null when nothing has come. */
  async function findArrivals(rule: RuleRow, limit: number, signal: AbortSignal): Promise<Found | null> {
    const { trigger } = rule;
    if (trigger.kind !== "arrivals" && trigger.kind !== "novelty") return null;
    const { filter, share } = trigger;
    const after = { receivedMs: rule.placeMs, traceId: rule.placeTraceId, spanId: rule.placeSpanId };
    const query = { after, filter: wholeFilter(filter), limit, share };
    const { spans, end } = await traces.listReceived(rule.projectId, query);
    if (end === null) return null;
    const place = { placeMs: end.receivedMs, placeTraceId: end.traceId, placeSpanId: end.spanId };
    const more = spans.length === limit;
    if (trigger.kind === "arrivals") return { items: read(rule.projectId, spans), place, more };
    // What cannot be told to be new is passed over, or the rule would look at the same spans for ever.
    await rules.update(rule.projectId, rule.id, place);
    const asked = { projectId: rule.projectId, trigger, filter: wholeFilter(filter), spans, signal };
    return { items: read(rule.projectId, await findNovel({ picked: traces.picked, embed }, asked)), place, more };
  }

  /** Spans that scores point to and that the queue does not hold. */
  async function findScored(rule: RuleRow, limit: number): Promise<Found | null> {
    if (rule.trigger.kind === "arrivals" || rule.trigger.kind === "novelty") return null;
    const from = Math.max(clock.now() - LOOK_BACK_MS, rule.placeMs);
    const found = await triggers.find(rule.projectId, rule.trigger, from);
    const keys = await triggers.match(rule.projectId, found, wholeFilter(rule.trigger.filter));
    const keyOf = ({ traceId, spanId }: SpanKey) => `span:${traceId}:${spanId}`;
    const present = await createItemStore(db).listPresent(rule.queueId, keys.map(keyOf));
    const fresh = keys.filter((key) => !present.has(keyOf(key))).slice(0, limit);
    return fresh.length === 0 ? null : { items: read(rule.projectId, fresh), place: {}, more: false };
  }

  /** Whether there may be more at once. */
  async function takeBatch(scope: Scope, rule: RuleRow, signal: AbortSignal): Promise<boolean> {
    const now = new Date(clock.now());
    const isToday = rule.addedDay === now.toISOString().slice(0, 10);
    const left = rule.mostPerDay - (isToday ? rule.addedToday : 0);
    if (left <= 0) return false;
    const limit = Math.min(BATCH, left);
    const found = (await findArrivals(rule, limit, signal)) ?? (await findScored(rule, limit));
    if (!found) return false;
    const queue = await queues.find(scope, rule.queueId);
    const questions = await queues.questionsOf(queue);
    const reason = `Rule: ${rule.name}`;
    const placing = { queue, questions, priority: rule.priority, reason, ruleId: rule.id };
    const { added } = await adding.bring({ matching: null, items: found.items }, placing);
    await rules.update(rule.projectId, rule.id, { ...found.place, lastError: "" });
    await rules.countAdded(rule.projectId, rule.id, { added, at: now });
    return found.more;
  }

  async function follow(scope: Scope, ruleId: string, signal: AbortSignal): Promise<void> {
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      signal.throwIfAborted();
      const rule = await rules.find(scope.projectId, ruleId);
      if (!rule?.isEnabled || !(await takeBatch(scope, rule, signal))) return;
    }
  }

  return {
    async run({ scope, signal }) {
      for (const { id } of await rules.listEnabled(scope.projectId)) {
        try {
          await follow(scope, id, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          await rules.update(scope.projectId, id, { lastError: error.message.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
}
