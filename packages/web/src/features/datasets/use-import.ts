import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DatasetImportInput, FileReading } from "@treadle/contract";
import { sendDatasetFile } from "@treadle/sdk";
import { useState } from "react";
import { useProject } from "../session/index.ts";

export type Reading = Partial<FileReading>;

/** Sends a file, and says how far it is. A part that did not arrive is sent again. */
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

/** What an import would make of the file, read as the form says. */
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

/** An import, looked at again while it runs. */
export function useImport(importId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-import", id, importId],
    queryFn: ({ signal }) => client.call("GET /api/v1/dataset-imports/:importId", { params: { importId }, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "running") && 1_000,
  });
}

/** Files that are no longer needed are deleted by the server after a time; this does it at once. */
export function useForgetFile() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (fileId: string) => client.call("DELETE /api/v1/dataset-files/:fileId", { params: { fileId } }),
    onSuccess: () => cache.removeQueries({ queryKey: ["dataset-file"] }),
  });
}
