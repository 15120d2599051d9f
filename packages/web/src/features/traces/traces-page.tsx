import { getRouteApi } from "@tanstack/react-router";
import { PageHeader } from "../../components/page.tsx";
import type { RangeSearch } from "../../components/time-range.ts";
import { TimeRangePicker } from "../../components/time-range-picker.tsx";
import { parseFilter } from "../filter/index.ts";
import { SpanList } from "./span-list.tsx";
import { TraceList } from "./trace-list.tsx";
import { TraceSheet } from "./trace-sheet.tsx";

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
        <List filter={filter} range={range} search={search} change={change} />
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
