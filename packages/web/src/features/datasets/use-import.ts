import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type DatasetImportInput, FILE_PART_BYTES, type FileReading, MAX_FILE_PARTS } from "@treadle/contract";
import { useState } from "react";
import { useProject } from "../session/index.ts";

export type Reading = Partial<FileReading>;

/** Sends a file in parts, and says how far it is. A part that fails is not sent twice: the whole can be begun again. */
export function useUpload() {
  const { client } = useProject();
  const [sentBytes, setSentBytes] = useState(0);
  const upload = useMutation({
    async mutationFn({ file, signal }: { file: File; signal: AbortSignal }) {
      setSentBytes(0);
      if (file.size > FILE_PART_BYTES * MAX_FILE_PARTS)
        throw new Error("The file is larger than 80 GiB. Split it first.");
      const { fileId } = await client.call("POST /api/v1/dataset-files", { body: { name: file.name }, signal });
      const parts = Math.max(1, Math.ceil(file.size / FILE_PART_BYTES));
      for (let part = 0; part < parts; part += 1) {
        const from = part * FILE_PART_BYTES;
        const bytes = file.slice(from, from + FILE_PART_BYTES);
        await client.call("PUT /api/v1/dataset-files/:fileId/parts/:part", {
          params: { fileId, part: String(part) },
          body: new Uint8Array(await bytes.arrayBuffer()),
          signal,
        });
        setSentBytes(from + bytes.size);
      }
      return client.call("POST /api/v1/dataset-files/:fileId/complete", {
        params: { fileId },
        body: { parts },
        signal,
      });
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
