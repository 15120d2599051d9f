import { getRouteApi } from "@tanstack/react-router";
import { SPAN_DIMENSIONS, SPAN_MEASURES } from "@treadle/contract";
import { CircleAlert, Download, Table2 } from "lucide-react";
import { saveFile, toCsv } from "../../../components/browser/save-file.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { previousLabel } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { FilterBar, findProblem, parseFilter, useSpanValues, wholeFilter } from "../filter/index.ts";
import { type SavedView, settingsOf, ViewMenu } from "../views/index.ts";
import { CreateMonitor } from "./create-monitor.tsx";
import type { GroupSearch } from "./explore-search.ts";
import { readGroups, writeDimensions, writeMeasures } from "./group-search.ts";
import { GroupTable } from "./group-table.tsx";
import { type Choice, PickNames } from "./pick-names.tsx";
import { type Metrics, useGroups } from "./use-groups.ts";

const route = getRouteApi("/shell/explore/");

const DIMENSIONS = Object.entries(SPAN_DIMENSIONS).map(([name, label]) => ({ name, label }));
const MEASURES = Object.entries(SPAN_MEASURES).map(([name, { label }]) => ({ name, label }));

/** Any numbers of spans by up to three dimensions; a group leads to its spans. */
export function GroupPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: GroupSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  const filter = parseFilter(search);
  const range = { range: search.range, from: search.from, to: search.to };
  const groups = readGroups(search);
  const { dimensions, measures, sortedBy, isAscending } = groups;
  const result = useGroups({ ...groups, range, filter, isCompared: search.compare === "previous" });
  const keys = (name: "metadataKey" | "scoreName", prefix: string): readonly Choice[] =>
    (name === "metadataKey" ? metadata : scores).data?.items.map(({ value }) => ({
      name: `${prefix}.${value}`,
      label: `${prefix}.${value}`,
    })) ?? [];
  const metadata = useSpanValues("metadataKey", range, "");
  const scores = useSpanValues("scoreName", range, "");
  const problem = findProblem(filter);
  return (
    <>
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-64 grow max-md:basis-full">
          <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
        </div>
        <SavedViews search={search} change={change} />
        <TimeRangePicker value={range} onChange={(next) => change(next)} />
      </div>
      <div className="flex flex-col gap-1.5">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5">
          <PickNames
            label="Group by"
            chosen={dimensions}
            choices={[...DIMENSIONS, ...keys("metadataKey", "metadata")]}
            most={3}
            fewest={0}
            onChange={(next) => change({ by: writeDimensions(next) })}
          />
          <div className="flex flex-wrap items-center gap-3">
            <Checkbox
              label={`Change from ${previousLabel(range)}`}
              checked={search.compare === "previous"}
              onChange={() => change({ compare: search.compare ? undefined : "previous" })}
            />
            <Button size="small" disabled={!result.data} onClick={() => result.data && saveGroups(result.data)}>
              <Download aria-hidden size={12} /> CSV
            </Button>
            <CreateMonitor measure={sortedBy} dimensions={dimensions} filter={filter.filter} />
          </div>
        </div>
        <PickNames
          label="Show"
          chosen={measures}
          choices={[...MEASURES, ...keys("scoreName", "score")]}
          most={10}
          fewest={1}
          onChange={(next) => change({ show: writeMeasures(next) })}
        />
      </div>
      {problem ? (
        <EmptyState title="Invalid filter" icon={<CircleAlert size={22} />}>
          Fix the filter to see results.
        </EmptyState>
      ) : result.error && !result.data ? (
        <ErrorState error={result.error} retry={() => result.refetch()} title="The groups could not be loaded" />
      ) : !result.data ? (
        <div aria-busy className="card flex flex-col gap-3 p-4">
          {[0, 1, 2, 3, 4, 5].map((row) => (
            <Skeleton key={row} className="h-4 w-full" />
          ))}
        </div>
      ) : result.data.rows.length === 0 ? (
        <EmptyState
          title={filter.filter ? "No matching spans" : "No spans in this time range"}
          icon={<Table2 size={22} />}
        >
          {filter.filter ? "Remove a condition or choose a longer time range." : "Choose a longer time range."}
        </EmptyState>
      ) : (
        <div className={`transition-opacity duration-150 ${result.isPlaceholderData ? "opacity-60" : ""}`}>
          <GroupTable
            metrics={result.data}
            measures={measures}
            sortedBy={sortedBy}
            isAscending={isAscending}
            filter={filter.filter ?? ""}
            onSort={(name) => change({ sort: name, direction: name === sortedBy && !isAscending ? "asc" : undefined })}
          />
          {result.data.isTruncated && (
            <p className="mt-2 text-xs text-muted">
              The table shows the largest groups by the sorted column. The last row combines all others.
            </p>
          )}
        </div>
      )}
    </>
  );
}

function saveGroups({ columns, rows }: Metrics) {
  const cells = rows.map(({ group, values, isOther }) =>
    columns.map(({ name, role }) => (role === "measure" ? values[name] : isOther ? "(others)" : group[name])),
  );
  saveFile("groups.csv", toCsv([columns.map(({ label }) => label), ...cells]), "text/csv");
}

type ViewsProps = { search: GroupSearch; change: (next: GroupSearch, isNewPlace: boolean) => void };

function SavedViews({ search, change }: ViewsProps) {
  const { range, from, to, by, show, sort, direction, compare, saved } = search;
  const open = (view: SavedView) =>
    change(
      {
        range: undefined,
        from: undefined,
        to: undefined,
        by: undefined,
        show: undefined,
        sort: undefined,
        direction: undefined,
        compare: undefined,
        ...wholeFilter({ filter: view.filter }),
        ...view.settings,
        saved: view.viewId,
      },
      true,
    );
  return (
    <ViewMenu
      page="explore"
      viewId={saved}
      isUntouched={!search.filter && !by && !show && !saved}
      state={{
        filter: search.filter ?? "",
        columns: [],
        order: "",
        settings: settingsOf({ range, from, to, by, show, sort, direction, compare }),
      }}
      open={open}
    />
  );
}
