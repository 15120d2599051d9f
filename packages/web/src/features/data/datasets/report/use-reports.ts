import { useMutation, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

export type Report = Answer<"GET /api/v1/datasets/:datasetId/reports/:reportId">;

/** The reports on a dataset, newest first. */
export function useReports(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-reports", id, datasetId],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets/:datasetId/reports", { params: { datasetId }, signal }),
  });
}

/** One report; a report never changes. */
export function useReport(datasetId: string, reportId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-report", id, datasetId, reportId],
    enabled: reportId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/reports/:reportId", {
        params: { datasetId, reportId: reportId ?? "" },
        signal,
      }),
  });
}

export function useMakeReport(datasetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    onSuccess,
    mutationFn: (version: string) =>
      client.call("POST /api/v1/datasets/:datasetId/reports", { params: { datasetId }, body: { version } }),
    meta: { failure: "The report was not created" },
  });
}

/** Downloads a report as Markdown. */
export function useDownloadMarkdown() {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ datasetId, reportId, name }: Pick<Report, "datasetId" | "reportId"> & { name: string }) {
      const response = await client.send("GET /api/v1/datasets/:datasetId/reports/:reportId/markdown", {
        params: { datasetId, reportId },
      });
      saveBlob(name, await response.blob());
    },
    meta: { failure: "The report was not downloaded" },
  });
}
