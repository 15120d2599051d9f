import { getRouteApi } from "@tanstack/react-router";
import { PageHeader } from "../../components/page.tsx";
import { ErrorState } from "../../components/states.tsx";
import { previousLabel } from "../../components/time-range.ts";
import { TimeRangePicker } from "../../components/time-range-picker.tsx";
import { FilterBar, hasFilter, parseFilter, wholeFilter } from "../filter/index.ts";
import { PullProgress } from "../models/index.ts";
import { useProject } from "../session/index.ts";
import { KeyNumbers } from "./key-numbers.tsx";
import { ModelTable } from "./model-table.tsx";
import { OverviewCharts } from "./overview-charts.tsx";
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
  const overview = useOverview(range, filter);
  const { data } = overview;
  const hasTraffic = !data || data.totals.requests > 0;
  return (
    <>
      <PageHeader
        title="Overview"
        description={`What the models of ${project.name} answered, how fast, and at what cost.`}
        action={
          <TimeRangePicker value={range} onChange={(next) => navigate({ search: (old) => ({ ...old, ...next }) })} />
        }
      >
        <FilterBar
          filter={filter}
          range={range}
          onChange={(next) => navigate({ search: (old) => ({ ...old, ...wholeFilter(next) }), replace: true })}
        />
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        <PullProgress />
        {overview.error && !data ? (
          <ErrorState error={overview.error} retry={() => overview.refetch()} />
        ) : (
          <>
            {!hasTraffic && <QuickStart isFiltered={hasFilter(filter)} range={range} />}
            <KeyNumbers overview={data} previous={previousLabel(range)} range={range} filter={filter} />
            {hasTraffic && (
              <OverviewCharts
                overview={data}
                filter={filter}
                onZoom={(from, to) =>
                  navigate({
                    search: (old) => ({ ...old, range: undefined, from: from.toISOString(), to: to.toISOString() }),
                  })
                }
              />
            )}
            {hasTraffic && <ModelTable overview={data} filter={filter} range={range} />}
          </>
        )}
      </div>
    </>
  );
}
