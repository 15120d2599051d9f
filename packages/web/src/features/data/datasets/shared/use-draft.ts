import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { BulkChange, ItemInput, ItemSelection } from "@treadle/contract";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "./use-datasets.ts";

const route = getRouteApi("/shell/datasets/$datasetId");

/** The dataset and branch that the page shows. */
export function useDatasetPlace() {
  const { datasetId } = route.useParams();
  const { branch = "main" } = route.useSearch();
  return { datasetId, branch };
}
export type DatasetPlace = ReturnType<typeof useDatasetPlace>;

/** The uncommitted changes of a branch. */
export function useDraft({ datasetId, branch }: DatasetPlace) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "draft", branch],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId }, query: { branch }, signal }),
  });
}

/** Changes to a draft: undo, redo, commit and discard. */
export function useDraftMoves({ datasetId, branch }: DatasetPlace) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  const params = { datasetId };
  return {
    undo: useMutation({
      mutationFn: () => client.call("POST /api/v1/datasets/:datasetId/draft/undo", { params, body: { branch } }),
      meta: { failure: "The step was not undone" },
      onSuccess,
    }),
    redo: useMutation({
      mutationFn: () => client.call("POST /api/v1/datasets/:datasetId/draft/redo", { params, body: { branch } }),
      meta: { failure: "The step was not redone" },
      onSuccess,
    }),
    discard: useMutation({
      mutationFn: (revision: number) =>
        client.call("POST /api/v1/datasets/:datasetId/draft/discard", { params, body: { branch, revision } }),
      meta: { failure: "The draft was not discarded" },
      onSuccess,
    }),
    commit: useMutation({
      mutationFn: ({ message, revision }: { message: string; revision: number }) =>
        client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { branch, message, revision } }),
      onSuccess,
    }),
    restore: useMutation({
      mutationFn: (version: string) =>
        client.call("POST /api/v1/datasets/:datasetId/versions/:version/restore", {
          params: { datasetId, version },
          body: { branch },
        }),
      meta: { failure: "The version was not restored" },
      onSuccess,
    }),
  };
}

type ItemEdit = {
  itemId: string;
  item: Omit<ItemInput, "itemId">;
  /** The revision of the edited item: the save is rejected if someone changed it since. */
  rowHash: string;
};

/** Changes to the items of a draft. */
export function useItemChanges({ datasetId, branch }: DatasetPlace) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return {
    add: useMutation({
      mutationFn: (item: ItemInput) =>
        client.call("POST /api/v1/datasets/:datasetId/items", {
          params: { datasetId },
          body: { branch, items: [item] },
        }),
      onSuccess,
    }),
    replace: useMutation({
      mutationFn: ({ itemId, item, rowHash }: ItemEdit) =>
        client.call("PUT /api/v1/datasets/:datasetId/items/:itemId", {
          params: { datasetId, itemId },
          body: { branch, item, rowHash },
        }),
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ select, change }: { select: ItemSelection; change: BulkChange }) =>
        client.call("POST /api/v1/datasets/:datasetId/changes", {
          params: { datasetId },
          body: { branch, select, change },
        }),
      onSuccess,
    }),
  };
}
