import { getRouteApi } from "@tanstack/react-router";
import { useKeys } from "../../../components/browser/keys.ts";
import { StaleNote } from "../../../components/feedback/stale-note.tsx";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { CompareButton } from "../../../components/time/compare-button.tsx";
import { previousLabel, timeOf } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { PullProgress } from "../../build/models/index.ts";
import { useProject } from "../../system/session/index.ts";
import { FilterBar, hasFilter, parseFilter, wholeFilter } from "../filter/index.ts";
import { BreakdownSection } from "./breakdown-section.tsx";
import { KeyNumbers } from "./key-numbers.tsx";
import { OverviewCharts } from "./overview-charts.tsx";
import { breakdownOf, type OverviewSearch } from "./overview-search.ts";
import { QuickStart } from "./quick-start.tsx";
import { useOverview } from "./use-overview.ts";

const route = getRouteApi("/shell/");

/** What the project's models did: how much, how well, how fast, at what cost. */
export function OverviewPage() {
  const { project: _, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const project = useProject();
  const filter = parseFilter(search);
  const range = { range: search.range, from: search.from, to: search.to };
  const isCompared = search.compare === "1";
  const looked = { range, filter, isCompared };
  const overview = useOverview(looked);
  const { data } = overview;
  const hasTraffic = !data || data.totals.requests > 0;
  const change = (next: OverviewSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  const compare = () => change({ compare: isCompared ? undefined : "1" });
  useKeys("Overview", [{ keys: "c", label: "Compare with the previous period", run: compare }]);
  return (
    <>
      <PageHeader
        title="Overview"
        description={`Requests, latency, errors and cost for ${project.name}`}
        action={
          <>
            <TimeRangePicker value={range} onChange={(next) => change(next, true)} />
            <CompareButton isCompared={isCompared} range={range} onChange={compare} />
          </>
        }
      >
        <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        <PullProgress />
        {overview.error && !data ? (
          <ErrorState error={overview.error} retry={() => overview.refetch()} />
        ) : (
          <>
            <StaleNote error={overview.error} loadedAt={overview.dataUpdatedAt} retry={() => void overview.refetch()} />
            {!hasTraffic && <QuickStart isFiltered={hasFilter(filter)} range={range} />}
            <KeyNumbers overview={data} previous={previousLabel(range)} range={range} filter={filter} />
            {isCompared && hasTraffic && data?.previous.requests === 0 && (
              <p role="status" className="text-muted">
                Treadle recorded no calls in {previousLabel(range)}, so there is no comparison.
              </p>
            )}
            {hasTraffic && (
              <OverviewCharts overview={data} filter={filter} onZoom={(from, to) => change(timeOf(from, to), true)} />
            )}
            {hasTraffic && (
              <BreakdownSection
                overview={data}
                looked={looked}
                by={breakdownOf(search.by)}
                onBy={(by) => change({ by: by === "model" ? undefined : by })}
              />
            )}
          </>
        )}
      </div>
    </>
  );
}
