import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { DashboardFile, DashboardInput } from "@treadle/contract";
import { type Answer, readAllPages } from "../../../../api.ts";
import { saveFile } from "../../../../components/browser/save-file.ts";
import { fileNameOf } from "../../../../components/chart/chart-data.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { useProject } from "../../../system/session/index.ts";
import { writeDashboard } from "./read-dashboard.ts";

export type Dashboard = Answer<"GET /api/v1/dashboards/:dashboardId">;
export type DashboardSummary = Answer<"GET /api/v1/dashboards">["items"][number];

const contentOf = ({ name, description, charts }: Dashboard): DashboardInput => ({ name, description, charts });

export function useDashboards() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dashboards", id],
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/dashboards", { query, signal })),
  });
}

export function useTemplates() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dashboard-templates", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/dashboard-templates", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One dashboard. In edit mode it is polled, so that a change by another user is detected early. */
export function useDashboard(dashboardId: string, isEdited: boolean) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dashboard", id, dashboardId],
    queryFn: ({ signal }) => client.call("GET /api/v1/dashboards/:dashboardId", { params: { dashboardId }, signal }),
    refetchInterval: isEdited && 20_000,
  });
}

/** Create, duplicate, import, export and delete. The toast can restore a deleted dashboard. */
export function useDashboardChanges() {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["dashboards", id] });
  const open = (dashboard: Dashboard, search: { edit?: string } = {}) => {
    queries.setQueryData(["dashboard", id, dashboard.dashboardId], dashboard);
    void navigate({ to: "/dashboards/$dashboardId", params: { dashboardId: dashboard.dashboardId }, search });
    return onSuccess();
  };
  const create = useMutation({
    mutationFn: (body: DashboardInput) => client.call("POST /api/v1/dashboards", { body }),
    // An empty dashboard opens in edit mode, because the next step is to add a chart.
    onSuccess: (dashboard) => open(dashboard, dashboard.charts.length === 0 ? { edit: "1" } : {}),
  });
  const restore = useMutation({
    mutationFn: (body: DashboardInput) => client.call("POST /api/v1/dashboards", { body }),
    onSuccess,
    meta: { failure: "The dashboard was not restored" },
  });
  return {
    create,
    importFile: useMutation({
      mutationFn: (body: DashboardFile) => client.call("POST /api/v1/dashboards/import", { body }),
      onSuccess: (dashboard) => open(dashboard),
    }),
    duplicate: useMutation({
      mutationFn: (dashboardId: string) =>
        client.call("POST /api/v1/dashboards/:dashboardId/duplicate", { params: { dashboardId } }),
      onSuccess: (dashboard) => {
        toastDone(`Created “${dashboard.name}”`);
        return open(dashboard);
      },
      meta: { failure: "The dashboard was not duplicated" },
    }),
    exportFile: useMutation({
      mutationFn: (dashboardId: string) =>
        client.call("GET /api/v1/dashboards/:dashboardId/export", { params: { dashboardId } }),
      onSuccess: (file) => saveFile(`${fileNameOf(file.name)}.json`, writeDashboard(file), "application/json"),
      meta: { failure: "The dashboard was not exported" },
    }),
    remove: useMutation({
      mutationFn: async (dashboardId: string) => {
        const params = { dashboardId };
        const whole = await client.call("GET /api/v1/dashboards/:dashboardId", { params });
        await client.call("DELETE /api/v1/dashboards/:dashboardId", { params });
        return whole;
      },
      onSuccess: (whole) => {
        toastDone(`Deleted “${whole.name}”`, { label: "Undo", run: () => restore.mutate(contentOf(whole)) });
        return onSuccess();
      },
      meta: { failure: "The dashboard was not deleted" },
    }),
  };
}
