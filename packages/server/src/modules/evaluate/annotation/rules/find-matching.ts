import { type SpanKey, scoresOf, whereSpans } from "../../../observe/traces/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { incomingOfSpan } from "../sources/from-spans.ts";
import type { Incoming } from "../sources/incoming.ts";
import { createItemStore } from "../stores/item-store.ts";
import type { createRuleStore, RuleRow } from "../stores/rule-store.ts";
import { wholeFilter } from "./drift/rule-filter.ts";
import { findNovel } from "./find-novel.ts";
import { createTriggerStore } from "./trigger-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "columnar" | "traces" | "clock" | "embed"> & {
  readonly rules: Pick<ReturnType<typeof createRuleStore>, "update">;
};
export type Found = {
  readonly items: AsyncIterable<Incoming | null>;
  readonly place: Partial<RuleRow>;
  readonly more: boolean;
};

/** Scores may be written down so long after they were given; what the queue holds already is passed over. */
const LOOK_BACK_MS = 3_600_000;

/** New spans since a rule's last check. Null for other kinds of rules, and without new spans. */
export function createFinds({ db, columnar, traces, clock, embed, rules }: Deps) {
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
    // Spans whose novelty is unknown are skipped, otherwise the rule would compare the same spans forever.
    await rules.update(rule.projectId, rule.id, place);
    const asked = { projectId: rule.projectId, trigger, filter: wholeFilter(filter), spans, signal };
    return { items: read(rule.projectId, await findNovel({ picked: traces.picked, embed }, asked)), place, more };
  }

  /** Spans that scores point to and that the queue does not hold. */
  async function findScored(rule: RuleRow, limit: number): Promise<Found | null> {
    const { trigger } = rule;
    if (trigger.kind === "arrivals" || trigger.kind === "novelty" || trigger.kind === "drift") return null;
    const from = Math.max(clock.now() - LOOK_BACK_MS, rule.placeMs);
    const matching = await triggers.find(rule.projectId, trigger, from);
    const keys = await triggers.match(rule.projectId, matching, wholeFilter(trigger.filter));
    const keyOf = ({ traceId, spanId }: SpanKey) => `span:${traceId}:${spanId}`;
    const present = await createItemStore(db).listPresent(rule.queueId, keys.map(keyOf));
    const fresh = keys.filter((key) => !present.has(keyOf(key))).slice(0, limit);
    return fresh.length === 0 ? null : { items: read(rule.projectId, fresh), place: {}, more: false };
  }

  return { arrivals: findArrivals, scored: findScored };
}
