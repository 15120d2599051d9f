import { getRouteApi } from "@tanstack/react-router";
import type { Chart } from "@treadle/contract";
import { useState } from "react";
import { ApiError } from "../../../../api.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { isRelative, timeOf } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Viewing } from "../chart/use-chart.ts";
import { ChartEditor } from "../edit/chart-editor.tsx";
import { addChart, newChart, newId, replaceChart } from "../edit/chart-edits.ts";
import { settle } from "../edit/grid-layout.ts";
import { type Dashboard, useDashboard } from "../shared/use-dashboards.ts";
import { BoardGrid } from "./board-grid.tsx";
import { BoardHeader } from "./board-header.tsx";
import { ConflictNotice, UnsavedNotice } from "./board-notices.tsx";
import type { BoardSearch } from "./board-search.ts";
import { EditHeader } from "./edit-header.tsx";
import { EnlargedChart } from "./enlarged-chart.tsx";
import { NoCharts } from "./no-charts.tsx";
import { refreshOf } from "./refreshes.ts";
import { useDraft } from "./use-draft.ts";

const route = getRouteApi("/shell/dashboards/$dashboardId");

/** One dashboard, to look at or to change. */
export function DashboardPage() {
  const { dashboardId } = route.useParams();
  const search = route.useSearch();
  const { data, error, refetch } = useDashboard(dashboardId, search.edit === "1");
  if (data) return <Board key={data.dashboardId} dashboard={data} />;
  if (error)
    return (
      <ErrorState
        error={error}
        retry={() => refetch()}
        title={
          error instanceof ApiError && error.status === 404
            ? "Dashboard not found"
            : "The dashboard could not be loaded"
        }
      />
    );
  return <BoardSkeleton />;
}

function viewingOf({ range, from, to, filter = "", compare, refresh }: BoardSearch): Viewing {
  const time = { range, from, to };
  return {
    range: time,
    frame: { filter, isCompared: compare === "1" },
    refresh: refreshOf(refresh, isRelative(time)),
  };
}

function Board({ dashboard }: { dashboard: Dashboard }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useProject().can("dashboards:write");
  const state = useDraft(dashboard);
  const isEdited = search.edit === "1" && canEdit;
  const shown = isEdited ? state.draft : dashboard;
  const viewing = viewingOf(search);
  const change = (next: BoardSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  const edit = (chart?: string) => change({ edit: "1", chart }, true);
  const open = shown.charts.find(({ id }) => id === search.chart);
  // Only while its editor is open for the first time can a chart still be not added.
  const [addedId, setAddedId] = useState<string>();
  const closeChart = () => {
    setAddedId(undefined);
    change({ chart: undefined });
  };
  function add() {
    const id = newId();
    state.changeCharts((charts) => addChart(charts, { ...newChart(), id }), stepOf(id));
    setAddedId(id);
    edit(id);
  }
  const zoom = (from: Date, to: Date) => change(timeOf(from, to), true);
  return (
    <>
      {isEdited ? (
        <EditHeader dashboard={dashboard} state={state} search={search} change={change} onAdd={add} />
      ) : (
        <BoardHeader dashboard={dashboard} search={search} change={change} canEdit={canEdit} />
      )}
      <div className="flex flex-col gap-3 px-6 pb-8 max-md:px-4">
        {isEdited && state.isOutdated && <ConflictNotice dashboard={dashboard} state={state} />}
        {!isEdited && canEdit && state.isChanged && <UnsavedNotice state={state} onEdit={() => edit()} />}
        {shown.charts.length === 0 ? (
          <NoCharts canEdit={canEdit} onAdd={add} />
        ) : (
          <BoardGrid
            charts={shown.charts}
            viewing={viewing}
            isEdited={isEdited}
            canEdit={canEdit}
            onChange={state.changeCharts}
            onEdit={edit}
            onEnlarge={(chart) => change({ chart }, true)}
            onZoom={zoom}
          />
        )}
      </div>
      {open && !isEdited && (
        <EnlargedChart name={dashboard.name} chart={open} viewing={viewing} onZoom={zoom} close={closeChart} />
      )}
      {open && isEdited && (
        <ChartEditor
          key={open.id}
          chart={open}
          viewing={viewing}
          isNew={open.id === addedId}
          onChange={(chart) => state.changeCharts((charts) => settle(replaceChart(charts, chart)), stepOf(chart.id))}
          onCancel={(before) => {
            const takeBack = (charts: readonly Chart[]) =>
              before.id === addedId ? charts.filter(({ id }) => id !== before.id) : replaceChart(charts, before);
            state.changeCharts((charts) => settle(takeBack(charts)), stepOf(before.id));
            closeChart();
          }}
          onZoom={zoom}
          close={closeChart}
        />
      )}
    </>
  );
}

/** All that is done to a chart in its editor is one step to undo. */
const stepOf = (chartId: string) => `chart.${chartId}`;

function BoardSkeleton() {
  return (
    <div aria-busy className="px-6 pt-5 max-md:px-4">
      <Skeleton className="h-6 w-56" />
      <div className="mt-6 grid grid-cols-4 gap-3 max-md:grid-cols-1">
        {[0, 1, 2, 3].map((place) => (
          <Skeleton key={place} className="h-36" />
        ))}
        <Skeleton className="col-span-full h-75" />
      </div>
    </div>
  );
}
