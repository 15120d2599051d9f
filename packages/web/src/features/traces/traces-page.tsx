import { getRouteApi } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { PageHeader } from "../../components/page.tsx";
import type { Column, TableLayout } from "../../components/table-layout.ts";
import type { RangeSearch } from "../../components/time-range.ts";
import { TimeRangePicker } from "../../components/time-range-picker.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { SpanList } from "./span-list.tsx";
import { parseFilter, wholeFilter } from "./trace-filter.ts";
import { TraceList } from "./trace-list.tsx";
import { TraceSheet } from "./trace-sheet.tsx";
import type { LiveState } from "./use-live.ts";

const route = getRouteApi("/shell/traces");

/** Every call that was recorded, as whole traces or as single spans, with the one that is open beside them. */
export function TracesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = parseFilter(search);
  const range: RangeSearch = { range: search.range, from: search.from, to: search.to };
  const isSpans = search.view === "spans";
  const List = isSpans ? SpanList : TraceList;
  const change = (next: Partial<typeof search>, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  return (
    <div className="flex h-full min-w-0">
      <div className="flex h-full min-w-0 grow flex-col">
        <PageHeader
          title="Traces"
          description="Every call and every step of it, newest first."
          action={
            <>
              <ViewSwitch
                isSpans={isSpans}
                onChange={(view) =>
                  change(
                    {
                      view,
                      order: undefined,
                      direction: undefined,
                      columns: undefined,
                      open: undefined,
                      span: undefined,
                    },
                    true,
                  )
                }
              />
              <TimeRangePicker value={range} onChange={(next) => change(next)} />
            </>
          }
        />
        <List
          filter={filter}
          range={range}
          search={search}
          change={change}
          toolbar={({ live, columns, layout }) => (
            <div className="flex flex-wrap items-start gap-2 px-6 pb-3 max-md:px-4">
              <div className="min-w-64 grow">
                <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
              </div>
              <LiveButton state={live} onChange={(isOn) => change({ live: isOn ? "1" : undefined })} />
              <ColumnsButton columns={columns} layout={layout} />
            </div>
          )}
        />
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

// A component of its own, so that each list keeps the type of its rows to itself.
function ColumnsButton<Row>(props: { columns: readonly Column<Row>[]; layout: TableLayout<Row> }) {
  return (
    <div className="max-md:hidden">
      <ColumnMenu {...props} />
    </div>
  );
}

function ViewSwitch({ isSpans, onChange }: { isSpans: boolean; onChange: (view: "spans" | undefined) => void }) {
  return (
    <fieldset aria-label="Show" className="inline-flex h-8 rounded-control border border-line-strong bg-raised p-0.5">
      {(["Traces", "Spans"] as const).map((label) => (
        <button
          key={label}
          type="button"
          aria-pressed={isSpans === (label === "Spans")}
          onClick={() => onChange(label === "Spans" ? "spans" : undefined)}
          className="rounded-[4px] px-3 text-muted hover:text-text aria-pressed:bg-panel aria-pressed:font-medium aria-pressed:text-text aria-pressed:shadow-sm"
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

const LIVE_WORDS = {
  off: "Live",
  connecting: "Connecting…",
  live: "Live",
  waiting: "Reconnecting…",
} as const satisfies Record<LiveState, string>;

/** Follows new rows as they arrive; pausing keeps those that came. */
function LiveButton({ state, onChange }: { state: LiveState; onChange: (isOn: boolean) => void }) {
  const isOn = state !== "off";
  const Icon = isOn ? Pause : Play;
  return (
    <Button
      aria-pressed={isOn}
      aria-label={isOn ? `Pause the live tail (${LIVE_WORDS[state]})` : "Follow new rows live"}
      onClick={() => onChange(!isOn)}
      className={isOn ? "border-accent! bg-accent-soft! text-accent!" : ""}
    >
      <Icon aria-hidden size={14} />
      {LIVE_WORDS[state]}
      {state === "live" && <span aria-hidden className="size-1.75 animate-pulse rounded-full bg-accent" />}
    </Button>
  );
}
