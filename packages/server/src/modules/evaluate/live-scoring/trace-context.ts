import type { SampleToolCall, Span } from "@treadle/contract";
import { readDocuments, type TraceStep } from "../../observe/traces/index.ts";

/** The context that a trace provides for one of its answers. */
export type TraceContext = {
  /** The retrieved documents, best first. */
  readonly documents: readonly string[];
  /** Why there are none. Otherwise empty. */
  readonly lacking: string;
  /** The tool calls before the answer, in order of time. */
  readonly toolCalls: readonly SampleToolCall[];
};
export type TraceParts = {
  readonly steps: readonly TraceStep[];
  /** Its retrievals, reranks and calls of tools. */
  readonly whole: readonly Span[];
};

const MOST_DOCUMENTS = 1_000;
const MOST_CALLS = 1_000;
const MOST_CHARACTERS = 100_000;
const MOST_DEPTH = 1_000;

/**
 * The context of an answer. Its documents come from the nearest retrievals in the tree that started before the answer
 * ended: its own, its siblings, or siblings of its ancestors. After a rerank, the reranked documents count.
 */
export function contextOf(span: Pick<Span, "traceId" | "spanId">, { steps, whole }: TraceParts): TraceContext {
  const own = new Map(steps.filter(({ traceId }) => traceId === span.traceId).map((step) => [step.spanId, step]));
  const self = own.get(span.spanId);
  const endMs = self ? self.startMs + self.durationMs : Number.POSITIVE_INFINITY;
  const earlier = whole.filter(({ traceId, spanId }) => {
    const step = own.get(spanId);
    return traceId === span.traceId && spanId !== span.spanId && step !== undefined && step.startMs < endMs;
  });
  const isRetrieved = ({ kind }: Span) => kind === "retrieval" || kind === "rerank";
  const retrieval = nearest(earlier.filter(isRetrieved), { own, spanId: span.spanId });
  const documents = [...new Set(sources(retrieval).flatMap(textsOf))].slice(0, MOST_DOCUMENTS);
  const beneath = earlier.filter(({ kind, spanId }) => kind === "tool" && pathOf(spanId, own).includes(span.spanId));
  return {
    documents,
    lacking: documents.length > 0 ? "" : lackingOf(retrieval.length),
    toolCalls: beneath.slice(0, MOST_CALLS).map(toCall),
  };
}

const lackingOf = (retrievals: number) =>
  retrievals === 0
    ? "The trace has no retrieval before this answer, so there are no documents to compare it with."
    : `The ${retrievals === 1 ? "retrieval" : `${retrievals} retrievals`} before this answer found no documents with text.`;

type Tree = ReadonlyMap<string, TraceStep>;

/** A span and those above it, the span first. */
function pathOf(spanId: string, own: Tree): string[] {
  const path: string[] = [];
  for (
    let at = spanId;
    at !== "" && path.length < MOST_DEPTH && !path.includes(at);
    at = own.get(at)?.parentSpanId ?? ""
  )
    path.push(at);
  return path;
}

/**
 * The retrievals below the answer, or else below its parent, and so on. If the tree has a gap, all retrievals of the
 * trace.
 */
function nearest(spans: readonly Span[], { own, spanId }: { own: Tree; spanId: string }): readonly Span[] {
  const paths = new Map(spans.map((one) => [one.spanId, pathOf(one.spanId, own)]));
  for (const above of pathOf(spanId, own)) {
    const within = spans.filter((one) => paths.get(one.spanId)?.includes(above));
    if (within.length > 0) return within;
  }
  return spans;
}

/** A rerank stands for what was found before it. */
function sources(found: readonly Span[]): readonly Span[] {
  const last = found.findLastIndex(({ kind }) => kind === "rerank");
  return last === -1
    ? found
    : [...found.slice(0, last + 1).filter(({ kind }) => kind === "rerank"), ...found.slice(last + 1)];
}

const textsOf = ({ output }: Span): string[] =>
  (readDocuments(output) ?? []).flatMap(({ content }) =>
    content.trim() === "" ? [] : [content.slice(0, MOST_CHARACTERS).toWellFormed()],
  );

function toCall({ name, input, attributes }: Span): SampleToolCall {
  const named = attributes["gen_ai.tool.name"];
  return { name: (typeof named === "string" && named !== "" ? named : name).slice(0, 300), arguments: input ?? {} };
}
