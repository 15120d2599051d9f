import type { Span } from "@treadle/contract";

/** The usage of the calls within a span: their sum, and the last one. */
type Counted = { sum: Counts; last: Counts };
type Counts = Pick<Span, "inputTokens" | "outputTokens">;
/** A call that was recorded elsewhere, such as by the gateway: its usage and its parents. */
export type NotedCall = Counts & Pick<Span, "traceId" | "parentSpanId"> & { readonly projectId: string };

const MAX_PARENTS = 50_000;
const NOTE = "It contains another model call, and its tokens are counted there.";

/**
 * Finds calls that repeat an inner call, for example when a framework and its client, or a client and the gateway, are
 * both instrumented. The inner call counts, and the outer call becomes a chain around it. A span ends after its
 * children and so arrives after them. A repetition must have equal tokens or none.
 */
export function createNestedCalls() {
  const within = new Map<string, Counted>();

  function take(key: string): Counted | undefined {
    const counted = within.get(key);
    within.delete(key);
    return counted;
  }

  function add(key: string, counts: Counts): void {
    const known = within.get(key);
    if (known) {
      known.sum = {
        inputTokens: known.sum.inputTokens + counts.inputTokens,
        outputTokens: known.sum.outputTokens + counts.outputTokens,
      };
      known.last = counts;
      return;
    }
    const [oldest] = within.size >= MAX_PARENTS ? within.keys() : [];
    if (oldest !== undefined) within.delete(oldest);
    within.set(key, { sum: counts, last: counts });
  }

  return {
    note({ projectId, traceId, parentSpanId, inputTokens, outputTokens }: NotedCall): void {
      add(projectId + traceId + parentSpanId, { inputTokens, outputTokens });
    },
    /** The span as it counts. */
    settle(projectId: string, span: Span): Span {
      const inner = take(projectId + span.traceId + span.spanId);
      const isCounting = span.inputTokens + span.outputTokens > 0;
      const isRepeating =
        inner !== undefined && isCall(span) && (!isCounting || isSame(inner.sum, span) || isSame(inner.last, span));
      const counts = isCounting && !isRepeating ? countsOf(span) : inner?.sum;
      if (counts && span.parentSpanId !== "") add(projectId + span.traceId + span.parentSpanId, counts);
      return isRepeating ? asChain(span) : span;
    },
  };
}

const isCall = ({ kind }: Span) => kind === "generation" || kind === "embedding" || kind === "rerank";
const countsOf = ({ inputTokens, outputTokens }: Counts): Counts => ({ inputTokens, outputTokens });
const isSame = (counts: Counts, { inputTokens, outputTokens }: Counts) =>
  counts.inputTokens === inputTokens && counts.outputTokens === outputTokens;

/** Its usage remains in its attributes, under the conventions' names. */
function asChain(span: Span): Span {
  const notes = span.attributes["treadle.notes"];
  const usage = {
    ...(span.inputTokens > 0 && { "gen_ai.usage.input_tokens": span.inputTokens }),
    ...(span.outputTokens > 0 && { "gen_ai.usage.output_tokens": span.outputTokens }),
    ...(span.costUsd !== null && { "gen_ai.usage.cost": span.costUsd }),
    "treadle.notes": [...(Array.isArray(notes) ? notes : []), NOTE],
  };
  return {
    ...span,
    kind: "chain",
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: null,
    // Entries, since a sender's key may be `__proto__`.
    attributes: Object.fromEntries([...Object.entries(span.attributes), ...Object.entries(usage)]),
  };
}
