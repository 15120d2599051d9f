import { useCallback, useMemo, useState } from "react";
import type { Kind } from "../model/span-columns.ts";
import { firstToRead } from "../model/trace-errors.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { initialFolding, reveal, rowOf, visibleRows } from "./visible-rows.ts";

type Options = {
  readonly model: TraceModel;
  readonly spanId: string | undefined;
  readonly hidden: ReadonlySet<Kind>;
  readonly onSpan: (spanId: string) => void;
};

/** Which spans are rows, which is open, and every way to move between them. */
export function useTreeState({ model, spanId, hidden, onSpan }: Options) {
  const named = model.placeOf(spanId);
  const open = named >= 0 ? named : firstToRead(model);
  const [folding, setFolding] = useState(() => ({ model, collapsed: reveal(model, initialFolding(model), open) }));
  // Another trace, or the same one after it grew, is folded afresh.
  const collapsed = useMemo(
    () => (folding.model === model ? folding.collapsed : reveal(model, initialFolding(model), open)),
    [folding, model, open],
  );
  const rows = useMemo(() => visibleRows(model, { collapsed, hidden }), [model, collapsed, hidden]);
  const openRow = rowOf(rows, model, open);
  const fold = useCallback((next: Uint8Array) => setFolding({ model, collapsed: next }), [model]);

  /** Opens a span wherever it is, and unfolds what is above it. */
  function show(place: number) {
    const id = model.ids[place];
    if (id === undefined) return;
    fold(reveal(model, collapsed, place));
    onSpan(id);
  }
  function toggle(place: number) {
    const next = collapsed.slice();
    next[place] = next[place] === 1 ? 0 : 1;
    fold(next);
  }
  function step(by: number) {
    const row = Math.min(rows.places.length - 1, Math.max(0, openRow + by));
    const place = rows.places[row];
    if (place !== undefined) show(place);
  }
  /** Folds the open row; when there is nothing to fold, goes to what called it. */
  function foldOrLeave() {
    const place = rows.places[openRow] ?? -1;
    if (place >= 0 && rows.isParent[openRow] === 1 && collapsed[place] !== 1) return toggle(place);
    const depth = rows.depths[openRow] ?? 0;
    for (let row = openRow - 1; row >= 0; row -= 1)
      if ((rows.depths[row] ?? 0) < depth) return show(rows.places[row] ?? place);
  }
  /** Unfolds the open row; when it is unfolded, goes to its first step. */
  function unfoldOrEnter() {
    const place = rows.places[openRow] ?? -1;
    if (place < 0 || rows.isParent[openRow] !== 1) return;
    if (collapsed[place] === 1) toggle(place);
    else step(1);
  }
  return { model, open, openRow, rows, collapsed, fold, show, toggle, step, foldOrLeave, unfoldOrEnter };
}
export type TreeState = ReturnType<typeof useTreeState>;
