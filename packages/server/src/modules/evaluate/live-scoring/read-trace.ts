import type { LiveRule, Span } from "@treadle/contract";
import type { BoundScorer, LiveScoringDeps } from "./deps.ts";
import { contextOf, type TraceContext } from "./trace-context.ts";

/** The time after which a trace with a known first span counts as complete. */
const QUIET_MS = 10_000;
/** A trace that continues, or whose first span never arrives, does not delay the others for longer. */
const MOST_WAIT_MS = 120_000;
const KINDS = ["retrieval", "rerank", "tool"] as const;

/** Whether a rule needs more than the span itself: it scores whole traces, or a scorer needs retrieved documents. */
export const wantsTrace = (
  { target }: Pick<LiveRule, "target">,
  bound: readonly Pick<BoundScorer, "needs">[],
): boolean => target === "roots" || bound.some(({ needs }) => needs.includes("documents"));

type Received = { readonly projectId: string; readonly spans: readonly Span[] };

/** Reads the traces that spans are of. */
export const createTraceReading = ({ traces, clock }: Pick<LiveScoringDeps, "traces" | "clock">) => ({
  /** Spans whose traces are complete, as far as known. */
  async settled({ projectId, spans }: Received): Promise<Set<Span>> {
    const steps = Map.groupBy(await traces.steps.list(projectId, traceIdsOf(spans)), ({ traceId }) => traceId);
    const now = clock.now();
    return new Set(
      spans.filter(({ traceId, spanId }) => {
        const own = steps.get(traceId) ?? [];
        const hasFirst = own.some(({ parentSpanId }) => parentSpanId === "");
        const last = Math.max(...own.map(({ receivedMs }) => receivedMs));
        const self = own.find((step) => step.spanId === spanId);
        return (hasFirst && last <= now - QUIET_MS) || (self?.receivedMs ?? 0) <= now - MOST_WAIT_MS;
      }),
    );
  },

  /** The context of each answer. */
  async contexts({ projectId, spans }: Received): Promise<ReadonlyMap<Span, TraceContext>> {
    const traceIds = traceIdsOf(spans);
    const [steps, whole] = await Promise.all([
      traces.steps.list(projectId, traceIds),
      traces.steps.listWhole(projectId, traceIds, KINDS),
    ]);
    return new Map(spans.map((span) => [span, contextOf(span, { steps, whole })]));
  },
});

const traceIdsOf = (spans: readonly Span[]) => [...new Set(spans.map(({ traceId }) => traceId))];
