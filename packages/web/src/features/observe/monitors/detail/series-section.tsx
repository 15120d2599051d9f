import { getRouteApi } from "@tanstack/react-router";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type Monitor, useMonitorSeries } from "../shared/use-monitors.ts";
import { SeriesCourse } from "./series-course.tsx";
import { SeriesTable } from "./series-table.tsx";

const route = getRouteApi("/shell/monitors/$monitorId");

/** The series of a monitor, and the course of the chosen one. The first with data is chosen until the address names another. */
export function SeriesSection({ monitor }: { monitor: Monitor }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useMonitorSeries(monitor);
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The series could not be loaded" />;
  if (!items) return <Skeleton className="h-72 rounded-card" />;
  if (items.length === 0) return <NoSeries monitor={monitor} />;
  const first = items.find(({ state }) => state !== "no-data") ?? items[0];
  const chosen = search.series ?? first?.series ?? "";
  const choose = (series: string) => void navigate({ search: (old) => ({ ...old, series }), replace: true });
  return (
    <>
      <Section title="Series">
        <div className="max-h-96 overflow-y-auto">
          <SeriesTable monitor={monitor} series={items} chosen={chosen} onChoose={choose} />
        </div>
        <MoreRows list={list} />
      </Section>
      <SeriesCourse monitor={monitor} series={chosen} />
    </>
  );
}

const NoSeries = ({ monitor: { evaluatedAt, isEnabled } }: { monitor: Monitor }) => (
  <Section title="Series">
    <EmptyState title="No series yet">
      {evaluatedAt !== null
        ? "No spans matched so far. A series appears with the first matching span."
        : isEnabled
          ? "The monitor has not been evaluated yet. This takes at most a few minutes."
          : "Enable the monitor to evaluate it."}
    </EmptyState>
  </Section>
);
