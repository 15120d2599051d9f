import { ChevronDown, ChevronUp, ListFilter, Maximize, Minus, Plus, Route, Search, TriangleAlert } from "lucide-react";
import type { KeyboardEvent, RefObject } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { Kind } from "../model/span-columns.ts";
import { totalsOf } from "../model/trace-errors.ts";
import { WHOLE, type ZoomState, zoomBy } from "../timeline/use-zoom.ts";
import type { TraceSearch } from "./use-trace-search.ts";
import type { TreeState } from "./use-tree-state.ts";
import { collapseBelow } from "./visible-rows.ts";

type ToolbarProps = {
  tree: TreeState;
  zoom: ZoomState;
  search: TraceSearch;
  hidden: ReadonlySet<Kind>;
  setHidden: (hidden: ReadonlySet<Kind>) => void;
  isCriticalShown: boolean;
  setIsCriticalShown: (isShown: boolean) => void;
  input: RefObject<HTMLInputElement | null>;
  /** Whether rows can be folded and left out; the flame shows all. */
  isTree: boolean;
};

/** Search, failures, kinds, folding and the time in sight: one row over the tree. */
export function TreeToolbar(props: ToolbarProps) {
  const { tree, zoom, search, isCriticalShown, setIsCriticalShown } = props;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-line border-b bg-panel px-2 py-1.5">
      <SearchBox search={search} input={props.input} />
      {search.causes.length > 0 && (
        <Button
          size="small"
          onClick={() => search.goToError(1)}
          title="Go to the next root cause: a failed span without failed children (e)"
          className="text-bad!"
        >
          <TriangleAlert aria-hidden size={13} /> {formatNumberOf(totalsOf(tree.model).errors, "failed span")},{" "}
          {formatNumberOf(search.causes.length, "cause")}
        </Button>
      )}
      <span className="ml-auto flex items-center gap-1">
        {props.isTree && <KindMenu {...props} />}
        {props.isTree && <FoldMenu tree={tree} />}
        <IconButton
          label="Critical path: the steps that set the total duration (c)"
          aria-pressed={isCriticalShown}
          onClick={() => setIsCriticalShown(!isCriticalShown)}
          className={`size-7! ${isCriticalShown ? "bg-accent-soft text-accent!" : ""}`}
        >
          <Route size={14} />
        </IconButton>
        <span className="flex max-md:hidden">
          <IconButton
            label="Zoom in (+)"
            size="small"
            onClick={() => zoom.setZoom((old) => zoomBy(old, 0.5))}
            className="size-7!"
          >
            <Plus size={14} />
          </IconButton>
          <IconButton
            label="Zoom out (-)"
            size="small"
            disabled={zoom.zoom.from === 0 && zoom.zoom.to === 1}
            onClick={() => zoom.setZoom((old) => zoomBy(old, 2))}
            className="size-7!"
          >
            <Minus size={14} />
          </IconButton>
          <IconButton
            label="Reset zoom (0)"
            size="small"
            disabled={zoom.zoom.from === 0 && zoom.zoom.to === 1}
            onClick={() => zoom.setZoom(WHOLE)}
            className="size-7!"
          >
            <Maximize size={13} />
          </IconButton>
        </span>
      </span>
    </div>
  );
}

function SearchBox({ search, input }: Pick<ToolbarProps, "search" | "input">) {
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") {
      event.preventDefault();
      search.goToHit(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (search.text !== "") search.setText("");
      else event.currentTarget.blur();
    }
  }
  const { hits, index, text, isMore, isFetching } = search;
  return (
    <div className="control flex h-7! min-w-36 max-w-72 grow items-center gap-1.5 pr-0.5! pl-2! focus-within:border-accent">
      <Search aria-hidden size={13} className="shrink-0 text-muted" />
      <input
        ref={input}
        type="search"
        aria-label="Search in this trace"
        placeholder="Search in this trace"
        spellCheck={false}
        value={text}
        onChange={(event) => search.setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="min-w-0 grow bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== "" && (
        <>
          <span role="status" className="num shrink-0 text-xs text-muted">
            {hits.length === 0
              ? isFetching
                ? "…"
                : "none"
              : `${index < 0 ? "" : `${formatCount(index + 1)} of `}${formatCount(hits.length)}${isFetching ? "…" : isMore ? "+" : ""}`}
          </span>
          <IconButton
            label="Previous match (N)"
            size="small"
            disabled={hits.length === 0}
            onClick={() => search.goToHit(-1)}
            className="size-5!"
          >
            <ChevronUp size={13} />
          </IconButton>
          <IconButton
            label="Next match (n)"
            size="small"
            disabled={hits.length === 0}
            onClick={() => search.goToHit(1)}
            className="size-5!"
          >
            <ChevronDown size={13} />
          </IconButton>
        </>
      )}
    </div>
  );
}

function KindMenu({ tree, hidden, setHidden }: ToolbarProps) {
  const kinds = [...new Set(tree.model.kinds)].sort();
  const hiddenCount = kinds.filter((kind) => hidden.has(kind)).length;
  const others = kinds.filter((kind) => kind !== "generation" && kind !== "embedding");
  function toggle(kind: Kind) {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  }
  const trigger = (
    <Button size="small" kind={hiddenCount > 0 ? "plain" : "quiet"} aria-label="Step kinds">
      <ListFilter aria-hidden size={13} /> {hiddenCount > 0 ? `${hiddenCount} hidden` : "Kinds"}
    </Button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem onSelect={() => setHidden(new Set())} isDisabled={hiddenCount === 0}>
        Show all
      </MenuItem>
      {kinds.includes("span") && kinds.length > 1 && (
        <MenuItem onSelect={() => setHidden(new Set<Kind>(["span"]))}>Hide plain spans (HTTP, databases)</MenuItem>
      )}
      {others.length < kinds.length && others.length > 0 && (
        <MenuItem onSelect={() => setHidden(new Set(others))}>Only model calls</MenuItem>
      )}
      <MenuLine />
      <MenuLabel>Show kinds</MenuLabel>
      {kinds.map((kind) => (
        <MenuChoice key={kind} isChosen={!hidden.has(kind)} onSelect={() => toggle(kind)}>
          {kind}
        </MenuChoice>
      ))}
    </Menu>
  );
}

function FoldMenu({ tree }: { tree: TreeState }) {
  const { model, fold } = tree;
  const deepest = model.depth.reduce((most, depth) => Math.max(most, depth), 0);
  const trigger = (
    <Button size="small" kind="quiet">
      Levels{" "}
    </Button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem onSelect={() => fold(new Uint8Array(model.count))}>Expand all</MenuItem>
      <MenuItem onSelect={() => fold(collapseBelow(model, 0))}>Collapse all</MenuItem>
      {deepest > 1 && <MenuLine />}
      {deepest > 1 && <MenuLabel>Expand to</MenuLabel>}
      {[1, 2, 3, 4, 5]
        .filter((depth) => depth < deepest)
        .map((depth) => (
          <MenuItem key={depth} onSelect={() => fold(collapseBelow(model, depth))}>
            {depth} {depth === 1 ? "level" : "levels"} below the top
          </MenuItem>
        ))}
    </Menu>
  );
}
