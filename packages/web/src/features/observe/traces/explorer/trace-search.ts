import { SPAN_KINDS } from "@treadle/contract";
import type { Kind } from "../model/span-columns.ts";

export const TRACE_VIEWS = ["Tree", "Flame", "Graph", "Conversation", "Compare", "Raw"] as const;
export type TraceViewName = (typeof TRACE_VIEWS)[number];

/** The URL parameters of a trace page: the open span, view, hidden kinds, search and compared trace. */
export type TraceSearchParams = { span?: string; view?: string; hide?: string; find?: string; with?: string };

/** The view of an address; the tree when it names none that there is. */
export const viewOf = (search: TraceSearchParams): TraceViewName =>
  TRACE_VIEWS.find((name) => name.toLowerCase() === search.view) ?? "Tree";

const isKind = (text: string): text is Kind => SPAN_KINDS.some((kind) => kind === text);

/** The kinds that an address leaves out. */
export const hiddenIn = (search: TraceSearchParams): ReadonlySet<Kind> =>
  new Set((search.hide ?? "").split(",").filter(isKind));

export const parseTraceSearch = (search: TraceSearchParams): TraceSearchParams => {
  const view = viewOf(search);
  return {
    span: search.span,
    view: view === "Tree" ? undefined : view.toLowerCase(),
    hide: [...hiddenIn(search)].join(",") || undefined,
    find: search.find?.slice(0, 500) || undefined,
    with: search.with,
  };
};
