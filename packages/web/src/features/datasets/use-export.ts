import { useMutation } from "@tanstack/react-query";
import { DatasetExportResult, type Job } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import { saveBlob } from "../../components/save-file.ts";
import { useProject } from "../session/index.ts";

type ExportBody = RequestFor<"POST /api/v1/datasets/:datasetId/exports">["body"];

export function useStartExport(datasetId: string) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: ExportBody) =>
      client.call("POST /api/v1/datasets/:datasetId/exports", { params: { datasetId }, body }),
  });
}

/** What an export's job gave; undefined until it is done. */
export function exportResultOf(job: Job | undefined): DatasetExportResult | undefined {
  if (job?.status !== "done") return undefined;
  const result = DatasetExportResult.safeParse(job.result);
  return result.success ? result.data : undefined;
}

/** Fetches a written file and hands it to the browser. */
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
