import { getRouteApi } from "@tanstack/react-router";
import { CompareButton } from "../../components/compare-button.tsx";
import { useKeys } from "../../components/keys.ts";
import { PageHeader } from "../../components/page.tsx";
import { StaleNote } from "../../components/stale-note.tsx";
import { ErrorState } from "../../components/states.tsx";
import { previousLabel, timeOf } from "../../components/time-range.ts";
import { TimeRangePicker } from "../../components/time-range-picker.tsx";
import { FilterBar, hasFilter, parseFilter, wholeFilter } from "../filter/index.ts";
import { PullProgress } from "../models/index.ts";
import { useProject } from "../session/index.ts";
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
  useKeys("Overview", [{ keys: "c", label: "Compare with the time before", run: compare }]);
  return (
    <>
      <PageHeader
        title="Overview"
        description={`What the models of ${project.name} answered, how fast, and at what cost.`}
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
                Nothing was recorded in {previousLabel(range)}, so there is nothing to compare with.
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
