import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { saveBlob } from "../../../components/browser/save-file.ts";
import { useProject } from "../../system/session/index.ts";

export type ScheduledExport = Answer<"GET /api/v1/scheduled-exports">["items"][number];
export type ExportFile = Answer<"GET /api/v1/scheduled-exports/:scheduledExportId/files">["items"][number];
type NewExport = RequestFor<"POST /api/v1/scheduled-exports">["body"];
type ExportChange = RequestFor<"PATCH /api/v1/scheduled-exports/:scheduledExportId">["body"];

/** Polled while the page is open, because files are written in the background. */
const REFRESH_MS = 10_000;
const FILES_AT_ONCE = 20;

export function useExports() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["scheduled-exports", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/scheduled-exports", { signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** The written files, newest first and page by page; refetched whenever a period is written. */
export function useExportFiles({ scheduledExportId, nextFrom, keepFiles }: ScheduledExport) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["export-files", id, scheduledExportId, nextFrom, keepFiles],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/scheduled-exports/:scheduledExportId/files", {
        params: { scheduledExportId },
        query: { limit: FILES_AT_ONCE, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["scheduled-exports"] });
}

export function useCreateExport() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: NewExport) => client.call("POST /api/v1/scheduled-exports", { body }),
    onSuccess,
  });
}

/** Any change triggers the next attempt immediately. `failure` is the toast for a change without a form. */
export function useUpdateExport(failure?: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ scheduledExportId, body }: { scheduledExportId: string; body: ExportChange }) =>
      client.call("PATCH /api/v1/scheduled-exports/:scheduledExportId", { params: { scheduledExportId }, body }),
    meta: { failure },
    onSuccess,
  });
}

export function useDeleteExport() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (scheduledExportId: string) =>
      client.call("DELETE /api/v1/scheduled-exports/:scheduledExportId", { params: { scheduledExportId } }),
    meta: { failure: "The export was not deleted" },
    onSuccess,
  });
}

/** Fetches a file and hands it to the browser under the name that the server gives it. */
export function useDownload() {
  const { client } = useProject();
  return useMutation({
    async mutationFn(fileId: string) {
      const response = await client.send("GET /api/v1/export-files/:fileId", { params: { fileId } });
      const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
      saveBlob(name ?? `${fileId}.parquet`, await response.blob());
    },
    meta: { failure: "The file was not downloaded" },
  });
}
