import { X } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useMemo, useRef, useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { NARROW, useMedia } from "../../../../components/browser/media.ts";
import { IconButton } from "../../../../components/form/button.tsx";
import { SplitView } from "../../../../components/layout/split-view.tsx";
import { criticalPath } from "../model/critical-path.ts";
import type { LoadedTrace } from "../model/use-trace.ts";
import { SpanPanel } from "../span/span-panel.tsx";
import { TraceMinimap } from "../timeline/trace-minimap.tsx";
import { panBy, useZoom, WHOLE, type ZoomState, zoomBy } from "../timeline/use-zoom.ts";
import { TraceNotes, TraceSkeleton } from "../tree/trace-parts.tsx";
import { TraceTree } from "../tree/trace-tree.tsx";
import { TreeToolbar } from "../tree/tree-toolbar.tsx";
import { type TraceSearch, useTraceSearch } from "../tree/use-trace-search.ts";
import { type TreeState, useTreeState } from "../tree/use-tree-state.ts";
import { hiddenIn, TRACE_VIEWS, type TraceSearchParams, type TraceViewName, viewOf } from "./trace-search.ts";

const FlameView = lazy(() => import("./flame-view.tsx").then((module) => ({ default: module.FlameView })));
const GraphView = lazy(() => import("./graph-view.tsx").then((module) => ({ default: module.GraphView })));
const ConversationView = lazy(() =>
  import("./conversation-view.tsx").then((module) => ({ default: module.ConversationView })),
);
const CompareView = lazy(() =>
  import("../compare/compare-view.tsx").then((module) => ({ default: module.CompareView })),
);
const RawView = lazy(() => import("./raw-view.tsx").then((module) => ({ default: module.RawView })));

type ExplorerProps = {
  trace: LoadedTrace;
  search: TraceSearchParams;
  change: (next: TraceSearchParams) => void;
};

/** The views of a trace, with the open span at the side. */
export function TraceExplorer({ trace, search, change }: ExplorerProps) {
  const { model, traceId } = trace;
  const hidden = useMemo(() => hiddenIn({ hide: search.hide }), [search.hide]);
  const isNarrow = useMedia(NARROW);
  const [isSheetOpen, setIsSheetOpen] = useState(search.span !== undefined || model.count === 1);
  const [isCriticalShown, setIsCriticalShown] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const tree = useTreeState({
    model,
    spanId: search.span,
    hidden,
    onSpan(span) {
      change({ span });
      setIsSheetOpen(true);
    },
  });
  const zoom = useZoom(traceId);
  const find = useTraceSearch({ traceId, tree, text: search.find ?? "" }, (text) => change({ find: text }));
  const critical = useMemo(() => (isCriticalShown ? criticalPath(model).isOn : undefined), [isCriticalShown, model]);
  const enter = () => {
    setIsSheetOpen(true);
    panel.current?.focus();
  };
  const view = viewOf(search);
  useExplorerKeys({
    tree,
    zoom,
    find,
    input,
    toggleCritical: () => setIsCriticalShown(!isCriticalShown),
    show: (next) => change({ view: next.toLowerCase() }),
  });
  if (view === "Compare" || view === "Raw")
    return (
      <Suspense fallback={<TraceSkeleton />}>
        {view === "Raw" ? (
          <RawView traceId={traceId} count={model.count} />
        ) : (
          <CompareView trace={trace} otherId={search.with} setOther={(other) => change({ with: other })} />
        )}
      </Suspense>
    );
  const toolbar = (
    <TreeToolbar
      tree={tree}
      zoom={zoom}
      search={find}
      hidden={hidden}
      setHidden={(next) => change({ hide: [...next].join(",") || undefined })}
      isCriticalShown={isCriticalShown}
      setIsCriticalShown={setIsCriticalShown}
      input={input}
      isTree={view === "Tree"}
    />
  );
  const shown = (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      {(view === "Tree" || view === "Flame") && toolbar}
      <TraceNotes trace={trace} />
      {(view === "Tree" || view === "Flame") && <TraceMinimap model={model} zoom={zoom} />}
      <Suspense fallback={<TraceSkeleton />}>
        {view === "Tree" && <TraceTree tree={tree} zoom={zoom} hits={find.hits} critical={critical} onEnter={enter} />}
        {view === "Flame" && <FlameView tree={tree} zoom={zoom} hits={find.hits} critical={critical} />}
        {view === "Graph" && <GraphView tree={tree} />}
        {view === "Conversation" && <ConversationView traceId={traceId} tree={tree} />}
      </Suspense>
    </div>
  );
  const span = (
    <section ref={panel} tabIndex={-1} aria-label="Open span" className="h-full overflow-y-auto outline-none">
      <SpanPanel traceId={traceId} model={model} place={tree.open} />
    </section>
  );
  if (!isNarrow) return <SplitView name="trace" first={shown} second={span} />;
  return (
    <>
      {shown}
      {isSheetOpen && <SpanSheet close={() => setIsSheetOpen(false)}>{span}</SpanSheet>}
    </>
  );
}

/** On a phone the open span comes over the tree from below. */
function SpanSheet({ close, children }: { close: () => void; children: ReactNode }) {
  useKeys("Open span", [{ keys: "Escape", label: "Back to tree", run: close }]);
  return (
    <div className="absolute inset-x-0 top-12 bottom-0 z-20 flex animate-[rise-in_150ms_ease-out] flex-col rounded-t-card border-line-strong border-t bg-bg shadow-2xl shadow-scrim/40">
      <div className="flex shrink-0 items-center justify-between border-line border-b bg-panel py-1 pr-1 pl-4">
        <span className="text-xs text-muted">Open span</span>
        <IconButton label="Back to tree" onClick={close}>
          <X size={16} />
        </IconButton>
      </div>
      <div className="min-h-0 grow">{children}</div>
    </div>
  );
}

type KeyTargets = {
  tree: TreeState;
  zoom: ZoomState;
  find: TraceSearch;
  input: RefObject<HTMLInputElement | null>;
  toggleCritical: () => void;
  show: (view: TraceViewName) => void;
};

function useExplorerKeys({ tree, zoom, find, input, toggleCritical, show }: KeyTargets) {
  useKeys("Trace", [
    { keys: "j", label: "Next step", run: () => tree.step(1) },
    { keys: "k", label: "Previous step", run: () => tree.step(-1) },
    { keys: "l", label: "Expand the step or go to its first child", run: tree.unfoldOrEnter },
    { keys: "h", label: "Collapse the step or go to its parent", run: tree.foldOrLeave },
    { keys: "e", label: "Next error", run: () => find.goToError(1) },
    { keys: "E", label: "Previous error", run: () => find.goToError(-1) },
    { keys: "/", label: "Search in this trace", run: () => input.current?.focus() },
    { keys: "n", label: "Next match", run: () => find.goToHit(1) },
    { keys: "N", label: "Previous match", run: () => find.goToHit(-1) },
    { keys: "c", label: "Show the critical path", run: toggleCritical },
    { keys: "+", label: "Zoom in", run: () => zoom.setZoom((old) => zoomBy(old, 0.5)) },
    { keys: "-", label: "Zoom out", run: () => zoom.setZoom((old) => zoomBy(old, 2)) },
    { keys: "0", label: "Reset zoom", run: () => zoom.setZoom(WHOLE) },
    { keys: "<", label: "Earlier", run: () => zoom.setZoom((old) => panBy(old, -0.25)) },
    { keys: ">", label: "Later", run: () => zoom.setZoom((old) => panBy(old, 0.25)) },
    ...TRACE_VIEWS.map((name, index) => ({ keys: String(index + 1), label: `Show ${name}`, run: () => show(name) })),
  ]);
}
