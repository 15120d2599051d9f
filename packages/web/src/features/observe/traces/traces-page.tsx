import { getRouteApi } from "@tanstack/react-router";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useListAddress } from "../../../components/table/use-list-address.ts";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { ContentHidden } from "../../system/session/index.ts";
import { hasFilter, parseFilter } from "../filter/index.ts";
import { readOrder, type SavedView, settingsOf, ViewMenu, writeOrder } from "../views/index.ts";
import { LIST_VIEWS, type ListSearch, type ListView, viewOf } from "./list/list-props.ts";
import { SimilarList } from "./list/similar-list.tsx";
import { SpanList } from "./list/span-list.tsx";
import { TraceList } from "./list/trace-list.tsx";
import { TraceSheet } from "./trace-sheet.tsx";

const route = getRouteApi("/shell/traces");

/** What belongs to one list and not to the next. */
const NO_LIST: ListSearch = {
  view: undefined,
  order: undefined,
  direction: undefined,
  columns: undefined,
  open: undefined,
  span: undefined,
  saved: undefined,
  meaning: undefined,
  among: undefined,
};

/** All recorded calls as traces, spans or generations, with the open one at the side. */
export function TracesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = parseFilter(search);
  const range: RangeSearch = { range: search.range, from: search.from, to: search.to };
  const view = viewOf(search);
  const List = search.meaning ? SimilarList : view === "traces" ? TraceList : SpanList;
  // Within one list nothing is scrolled back: the router would undo what a key has just brought into sight.
  const change = useListAddress<ListSearch>(
    search,
    ["open", "span"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  return (
    <div className="flex h-full min-w-0">
      <div className="flex h-full min-w-0 grow flex-col">
        <PageHeader
          title="Traces"
          action={
            <>
              <ViewSwitch
                view={view}
                onChange={(next) =>
                  change({ ...NO_LIST, view: next, meaning: next === "traces" ? undefined : search.meaning }, true)
                }
              />
              <SavedViews search={search} change={change} />
              <TimeRangePicker value={range} onChange={(next) => change(next)} />
            </>
          }
        />
        <ContentHidden className="px-6 pb-2 max-md:px-4" />
        <List key={view} filter={filter} range={range} search={search} change={change} />
      </div>
      {search.open && (
        <TraceSheet
          traceId={search.open}
          spanId={search.span}
          onSpan={(span) => change({ span })}
          close={() => change({ open: undefined, span: undefined })}
        />
      )}
    </div>
  );
}

const PAGES = ["traces", "spans"] as const;

/** The saved views of these lists. A view stores the list, its filter, time, columns and order. */
function SavedViews({
  search,
  change,
}: {
  search: ListSearch;
  change: (next: ListSearch, isNewPlace: boolean) => void;
}) {
  const { view, range, from, to, saved, columns, meaning, among } = search;
  const open = ({ viewId, filter, columns: chosen, order, settings }: SavedView) =>
    change(
      {
        ...NO_LIST,
        range: undefined,
        from: undefined,
        to: undefined,
        filter: filter || undefined,
        columns: chosen.length > 0 ? chosen.join(",") : undefined,
        ...readOrder(order),
        ...settings,
        saved: viewId,
      },
      true,
    );
  return (
    <ViewMenu
      page={viewOf(search) === "traces" ? "traces" : "spans"}
      pages={PAGES}
      viewId={saved}
      isUntouched={!hasFilter(search) && !view && !search.open && !columns && !saved && !meaning}
      state={{
        filter: search.filter ?? "",
        columns: columns?.split(",") ?? [],
        order: writeOrder(search),
        settings: settingsOf({ view, range, from, to, meaning, among }),
      }}
      open={open}
    />
  );
}

const LABELS = { traces: "Traces", spans: "Spans", generations: "Generations" } as const;

function ViewSwitch({ view, onChange }: { view: ListView; onChange: (view: ListView) => void }) {
  return (
    <fieldset aria-label="Show" className="inline-flex h-8 rounded-control border border-line-strong bg-raised p-0.5">
      {LIST_VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === name}
          onClick={() => onChange(name)}
          className="rounded-[4px] px-3 text-muted hover:text-text aria-pressed:bg-panel aria-pressed:font-medium aria-pressed:text-text aria-pressed:shadow-sm max-sm:px-2"
        >
          {LABELS[name]}
        </button>
      ))}
    </fieldset>
  );
}
