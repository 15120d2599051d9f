import type { Answer } from "../../../../api.ts";
import type { RangeSearch } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import { type TraceFilter, usePages } from "../../filter/index.ts";

export type SpanSummary = Answer<"GET /api/v1/spans">["items"][number];
export type TraceSummary = Answer<"GET /api/v1/traces">["items"][number];

export const ORDERS = [
  "startTime",
  "durationMs",
  "costUsd",
  "inputTokens",
  "outputTokens",
  "timeToFirstTokenMs",
] as const;
export type Order = { order: (typeof ORDERS)[number]; direction: "asc" | "desc" };

type ListQuery = { range: RangeSearch; filter: TraceFilter };

/** Spans page by page. */
export function useSpans({ order, ...query }: ListQuery & { order: Order }) {
  const { client } = useProject();
  return usePages(["spans", order], {
    ...query,
    load: (page, signal) => client.call("GET /api/v1/spans", { query: { ...page, ...order }, signal }),
  });
}

/** Traces that have a span which matches, page by page, newest first. */
export function useTraces(query: ListQuery) {
  const { client } = useProject();
  return usePages(["traces"], {
    ...query,
    load: (page, signal) => client.call("GET /api/v1/traces", { query: page, signal }),
  });
}
