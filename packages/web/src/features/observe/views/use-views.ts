import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ViewInput } from "@treadle/contract";
import { type Answer, readAllPages } from "../../../api.ts";
import { useStored } from "../../../components/browser/stored-state.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { useProject } from "../../system/session/index.ts";

export type SavedView = Answer<"GET /api/v1/views">["items"][number];
export type ViewPage = SavedView["page"];

/** What of a view can be written. */
export const inputOf = ({ name, page, filter, columns, order, settings, isShared }: SavedView): ViewInput => ({
  name,
  page,
  filter,
  columns,
  order,
  settings,
  isShared,
});

/** The views of these pages that this person can see, by name. */
export function useViews(pages: readonly ViewPage[]) {
  const { id, client, can } = useProject();
  const list = useQuery({
    queryKey: ["views", id],
    enabled: can("dashboards:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/views", { query, signal })),
  });
  return {
    views: list.data?.items.filter(({ page }) => pages.includes(page)) ?? [],
    error: list.error,
    isReady: list.isSuccess,
  };
}

/** Save, change and delete. The toast can restore a deleted view. */
export function useViewChanges() {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const onSuccess = () => void queries.invalidateQueries({ queryKey: ["views", id] });
  const create = useMutation({
    mutationFn: (body: ViewInput) => client.call("POST /api/v1/views", { body }),
    onSuccess,
  });
  const replace = useMutation({
    mutationFn: ({ viewId, ...body }: ViewInput & { viewId: string }) =>
      client.call("PUT /api/v1/views/:viewId", { params: { viewId }, body }),
    onSuccess,
    meta: { failure: "The view was not changed" },
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => client.call("DELETE /api/v1/views/:viewId", { params: { viewId: view.viewId } }),
    onSuccess(_, view) {
      toastDone(`Deleted “${view.name}”`, { label: "Undo", run: () => create.mutate(inputOf(view)) });
      onSuccess();
    },
    meta: { failure: "The view was not deleted" },
  });
  return { create, replace, remove };
}

/** Which view this person's page opens with, kept in this browser. */
export function useDefaultView(page: ViewPage) {
  const { id } = useProject();
  return useStored(`default-view.${id}.${page}`, "");
}
