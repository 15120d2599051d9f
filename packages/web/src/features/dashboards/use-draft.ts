import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Chart } from "@treadle/contract";
import { ApiError } from "../../api.ts";
import { useStored } from "../../components/stored-state.ts";
import { useProject } from "../session/index.ts";
import type { Dashboard } from "./use-dashboards.ts";

/** A dashboard as it is being edited, and the version that the editing began with. */
export type Draft = Pick<Dashboard, "name" | "description" | "charts" | "version">;

const draftOf = ({ name, description, charts, version }: Dashboard): Draft => ({ name, description, charts, version });
const isSame = (a: Draft, b: Draft) =>
  JSON.stringify([a.name, a.description, a.charts]) === JSON.stringify([b.name, b.description, b.charts]);

/** What was changed and is not saved yet. It is kept in this browser, so that leaving the page loses nothing. */
export function useDraft(dashboard: Dashboard) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const [kept, keep] = useStored<Draft | null>(`dashboard-draft.${id}.${dashboard.id}`, null);
  const draft = kept ?? draftOf(dashboard);
  const change = (next: Partial<Omit<Draft, "version">>) => {
    const changed = { ...draft, ...next };
    // A draft of the same content is none, so that undoing everything leaves nothing to save.
    keep(changed.version === dashboard.version && isSame(changed, draftOf(dashboard)) ? null : changed);
  };
  const save = useMutation({
    mutationFn: (body: Draft) =>
      client.call("PUT /api/v1/dashboards/:dashboardId", { params: { dashboardId: dashboard.id }, body }),
    onSuccess: (saved) => {
      queries.setQueryData(["dashboard", id, dashboard.id], saved);
      keep(null);
      return queries.invalidateQueries({ queryKey: ["dashboards", id] });
    },
  });
  const isConflict = save.error instanceof ApiError && save.error.code === "conflict";
  return {
    draft,
    isChanged: kept !== null,
    /** Somebody saved another version since the editing began. */
    isOutdated: kept !== null && (kept.version !== dashboard.version || isConflict),
    change,
    changeCharts: (charts: readonly Chart[]) => change({ charts: [...charts] }),
    save,
    discard: () => {
      keep(null);
      save.reset();
      return queries.invalidateQueries({ queryKey: ["dashboard", id, dashboard.id] });
    },
  };
}
export type DraftState = ReturnType<typeof useDraft>;
