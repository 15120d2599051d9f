import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { DashboardFile, DashboardInput } from "@treadle/contract";
import type { Answer } from "../../api.ts";
import { fileNameOf } from "../../components/chart-data.ts";
import { saveFile } from "../../components/save-file.ts";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { writeDashboard } from "./read-dashboard.ts";

export type Dashboard = Answer<"GET /api/v1/dashboards/:dashboardId">;
export type DashboardSummary = Answer<"GET /api/v1/dashboards">["items"][number];

const contentOf = ({ name, description, charts }: Dashboard): DashboardInput => ({ name, description, charts });

export function useDashboards() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dashboards", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/dashboards", { signal }),
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

/** One dashboard. While it is edited it is looked after, so that a change by somebody else is seen early. */
export function useDashboard(dashboardId: string, isEdited: boolean) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dashboard", id, dashboardId],
    queryFn: ({ signal }) => client.call("GET /api/v1/dashboards/:dashboardId", { params: { dashboardId }, signal }),
    refetchInterval: isEdited && 20_000,
  });
}

/** Making, copying, taking in, giving out and deleting; a deleted dashboard comes back while its notice stands. */
export function useDashboardChanges() {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["dashboards", id] });
  const open = (dashboard: Dashboard, search: { edit?: string } = {}) => {
    queries.setQueryData(["dashboard", id, dashboard.id], dashboard);
    void navigate({ to: "/dashboards/$dashboardId", params: { dashboardId: dashboard.id }, search });
    return onSuccess();
  };
  const create = useMutation({
    mutationFn: (body: DashboardInput) => client.call("POST /api/v1/dashboards", { body }),
    // Nothing can be seen of an empty dashboard; what comes next is a chart.
    onSuccess: (dashboard) => open(dashboard, dashboard.charts.length === 0 ? { edit: "1" } : {}),
  });
  const restore = useMutation({
    mutationFn: (body: DashboardInput) => client.call("POST /api/v1/dashboards", { body }),
    onSuccess,
    meta: { failure: "The dashboard did not come back" },
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
        toastDone(`This is “${dashboard.name}”`);
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
        toastDone(`“${whole.name}” is deleted`, { label: "Undo", run: () => restore.mutate(contentOf(whole)) });
        return onSuccess();
      },
      meta: { failure: "The dashboard was not deleted" },
    }),
  };
}
