import { useDeferredValue, useMemo } from "react";
import { causesOf } from "../model/trace-errors.ts";
import { useContentHits } from "../model/use-trace.ts";
import { findSpans, mergePlaces, nextPlace } from "./find-spans.ts";
import type { TreeState } from "./use-tree-state.ts";

type Options = { readonly traceId: string; readonly tree: TreeState; readonly text: string };

/** Search hits in a trace, in names immediately and in payloads after the server responds; and the failed steps. */
export function useTraceSearch({ traceId, tree, text }: Options, setText: (text: string) => void) {
  const { model, open, show } = tree;
  // The field updates with the typing, and the tree follows when there is time.
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
