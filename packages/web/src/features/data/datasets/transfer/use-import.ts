import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DatasetImportInput, FileReading } from "@treadle/contract";
import { sendDatasetFile } from "@treadle/sdk";
import { useState } from "react";
import { useProject } from "../../../system/session/index.ts";

export type Reading = Partial<FileReading>;

/** Uploads a file and reports the progress. Failed parts are retried. */
export function useUpload() {
  const { client } = useProject();
  const [sentBytes, setSentBytes] = useState(0);
  const upload = useMutation({
    mutationFn({ file, signal }: { file: File; signal: AbortSignal }) {
      setSentBytes(0);
      return sendDatasetFile(client, { name: file.name, content: file, onProgress: setSentBytes, signal });
    },
  });
  return { upload, sentBytes };
}

export function useDatasetFile(fileId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-file", id, fileId],
    enabled: fileId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/dataset-files/:fileId", { params: { fileId: fileId ?? "" }, signal }),
  });
}

/** A preview of an import with the settings of the form. */
export function useFilePreview(fileId: string, reading: Reading) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-file-preview", id, fileId, reading],
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/dataset-files/:fileId/preview", { params: { fileId }, body: reading, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

export function useStartImport(datasetId: string) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: Reading & Pick<DatasetImportInput, "fileId" | "branch" | "mode" | "keepGoodRows">) =>
      client.call("POST /api/v1/datasets/:datasetId/imports", { params: { datasetId }, body }),
  });
}

/** An import, polled while it runs. */
export function useImport(importId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-import", id, importId],
    queryFn: ({ signal }) => client.call("GET /api/v1/dataset-imports/:importId", { params: { importId }, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "running") && 1_000,
  });
}

/** Deletes unneeded files immediately; the server would do so later. */
export function useForgetFile() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (fileId: string) => client.call("DELETE /api/v1/dataset-files/:fileId", { params: { fileId } }),
    onSuccess: () => cache.removeQueries({ queryKey: ["dataset-file"] }),
  });
}
