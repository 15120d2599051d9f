import type { Span } from "./use-traces.ts";

/** A span in its place: how deep it is, and where it lies on the trace's own time line (shares from 0 to 1). */
export type TreeRow = { span: Span; depth: number; childCount: number; start: number; width: number };

const startOf = (span: Span) => Date.parse(span.startTime);

/**
 * The spans of a trace in the order a reader follows them: parents before their children, siblings by time.
 * A span whose parent is missing, or that is its own ancestor, stands at the top, so that nothing is ever hidden.
 */
export function treeOf(spans: readonly Span[], collapsed: ReadonlySet<string>): readonly TreeRow[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, Span[]>();
  for (const span of [...spans].sort((a, b) => startOf(a) - startOf(b))) {
    const parent = ids.has(span.parentSpanId) ? span.parentSpanId : "";
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const { begin, length } = extentOf(spans);
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  function add(span: Span, depth: number, isHidden: boolean) {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    const below = children.get(span.spanId) ?? [];
    if (!isHidden)
      rows.push({
        span,
        depth,
        childCount: below.length,
        start: (startOf(span) - begin) / length,
        width: span.durationMs / length,
      });
    for (const child of below) add(child, depth + 1, isHidden || collapsed.has(span.spanId));
  }
  for (const root of children.get("") ?? []) add(root, 0, false);
  for (const span of spans) add(span, 0, false);
  return rows;
}

function extentOf(spans: readonly Span[]) {
  const begin = Math.min(...spans.map(startOf));
  const end = Math.max(...spans.map((span) => startOf(span) + span.durationMs));
  return { begin, length: Math.max(0.001, end - begin) };
}

/** The trace in one line: its first root, all it cost and used, and how long it took from end to end. */
export function totalsOf(spans: readonly Span[]) {
  const [root] = treeOf(spans, new Set());
  // Tokens and money are counted where a model was called, not again on the steps around it.
  const calls = spans.filter(({ kind }) => kind === "generation" || kind === "embedding");
  const sum = (pick: (span: Span) => number) => calls.reduce((total, span) => total + pick(span), 0);
  return {
    root: root?.span,
    durationMs: extentOf(spans).length,
    inputTokens: sum((span) => span.inputTokens),
    outputTokens: sum((span) => span.outputTokens),
    costUsd: calls.every((span) => span.costUsd === null) ? null : sum((span) => span.costUsd ?? 0),
    errorCount: spans.filter((span) => span.status === "error").length,
  };
}

/** Where reading begins: the step that failed and took the others with it, or the root when none did. */
export function firstToRead(spans: readonly Span[]): Span | undefined {
  const failed = treeOf(spans, new Set()).filter(({ span }) => span.status === "error");
  const deepest = failed.reduce<TreeRow | undefined>(
    (best, row) => (best && best.depth >= row.depth ? best : row),
    undefined,
  );
  const { root } = totalsOf(spans);
  return root?.status === "error" && deepest ? deepest.span : root;
}
