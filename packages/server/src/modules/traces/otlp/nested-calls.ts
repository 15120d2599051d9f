import type { Span } from "@treadle/contract";

/** What the calls within a span counted: all of them together, and the last. */
type Counted = { sum: Counts; last: Counts };
type Counts = Pick<Span, "inputTokens" | "outputTokens">;
/** A call that was recorded elsewhere, such as the gateway's: what it counted, and what it is within. */
export type NotedCall = Counts & Pick<Span, "traceId" | "parentSpanId"> & { readonly projectId: string };

const MAX_PARENTS = 50_000;
const NOTE = "It is around the call within it, and its tokens are counted there.";

/**
 * Finds calls that repeat a call within them, as when both a framework and the client it uses are instrumented, or a client and the gateway it
 * calls: the inner one counts, and the outer one becomes what is around a call, a chain. A span ends after those within it and so comes after
 * them. Only what is the same to the token is a repetition, and what counted nothing itself.
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

/** What it counted stays among its attributes, under the names of the conventions. */
function asChain(span: Span): Span {
  const notes = span.attributes["treadle.notes"];
  const told = {
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
    attributes: Object.fromEntries([...Object.entries(span.attributes), ...Object.entries(told)]),
  };
}
