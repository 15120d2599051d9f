import { useMutation } from "@tanstack/react-query";
import { DatasetExportResult, type Job } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";

type ExportBody = RequestFor<"POST /api/v1/datasets/:datasetId/exports">["body"];

export function useStartExport(datasetId: string) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: ExportBody) =>
      client.call("POST /api/v1/datasets/:datasetId/exports", { params: { datasetId }, body }),
  });
}

/** The result of an export job; undefined until it is done. */
export function exportResultOf(job: Job | undefined): DatasetExportResult | undefined {
  if (job?.status !== "done") return undefined;
  const result = DatasetExportResult.safeParse(job.result);
  return result.success ? result.data : undefined;
}

/** Downloads an exported file. */
export function useDownloadFile() {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ fileId, name }: Pick<DatasetExportResult, "fileId" | "name">) {
      const response = await client.send("GET /api/v1/dataset-files/:fileId/content", { params: { fileId } });
      saveBlob(name, await response.blob());
    },
    meta: { failure: "The file was not downloaded" },
  });
}
