import { useDeferredValue, useMemo } from "react";
import { findSpans, mergePlaces, nextPlace } from "./find-spans.ts";
import { causesOf } from "./trace-errors.ts";
import { useContentHits } from "./use-trace.ts";
import type { TreeState } from "./use-tree-state.ts";

type Options = { readonly traceId: string; readonly tree: TreeState; readonly text: string };

/** What a text finds in a trace, in names at once and in payloads once the server has looked; and the steps that failed. */
export function useTraceSearch({ traceId, tree, text }: Options, setText: (text: string) => void) {
  const { model, open, show } = tree;
  // The field keeps up with the typing, and the tree follows when there is time.
  const settled = useDeferredValue(text);
  const { ids, isMore, isFetching } = useContentHits(traceId, settled);
  const hits = useMemo(() => {
    const inContent = ids.map((id) => model.placeOf(id)).filter((place) => place >= 0);
    return mergePlaces(findSpans(model, settled), inContent);
  }, [model, settled, ids]);
  const causes = useMemo(() => causesOf(model), [model]);
  const go = (places: ArrayLike<number>, by: 1 | -1) => {
    const next = nextPlace(places, open, by);
    if (next >= 0) show(next);
  };
  return {
    text,
    setText,
    hits,
    /** Which of the hits is open, or -1. */
    index: hits.indexOf(open),
    isMore,
    isFetching,
    causes,
    goToHit: (by: 1 | -1) => go(hits, by),
    goToError: (by: 1 | -1) => go(causes, by),
  };
}
export type TraceSearch = ReturnType<typeof useTraceSearch>;
