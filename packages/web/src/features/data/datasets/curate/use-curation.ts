import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import type { CurationChoice, CurationStep } from "@treadle/contract";
import { readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

const NO_STEPS: readonly CurationStep[] = [];

/** The available steps; they change only with the server version. */
export function useCurationSteps() {
  const { id, client } = useProject();
  const list = useQuery({
    queryKey: ["curation-steps", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/curation/steps", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { ...list, steps: list.data?.items ?? NO_STEPS };
}

type Place = { datasetId: string; branch: string };
type Asked = Place & {
  /** The preview follows the current draft. */
  revision: number;
  step: CurationChoice | undefined;
  rows: number;
};

/** A preview of one step; requested after the parameters stop changing. */
export function useCurationPreview({ datasetId, branch, revision, step, rows }: Asked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["curation-preview", id, datasetId, branch, revision, step, rows],
    enabled: step !== undefined,
    staleTime: 300_000,
    retry: false,
    // The previous result stays visible until the new one arrives.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/datasets/:datasetId/curation/preview", {
        params: { datasetId },
        body: { branch, step: step ?? { stepId: "" }, rows },
        signal,
      }),
  });
}

export function useApplyCuration({ datasetId, branch }: Place) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    onSuccess,
    mutationFn: ({
      steps,
      expectedRevision,
    }: {
      steps: readonly CurationChoice[];
      expectedRevision: number | undefined;
    }) =>
      client.call("POST /api/v1/datasets/:datasetId/curation/apply", {
        params: { datasetId },
        body: { branch, steps: [...steps], ...(expectedRevision !== undefined && { expectedRevision }) },
      }),
  });
}

/** Reads the steps that created a version. */
export function useReadRecipe() {
  const { client } = useProject();
  return useMutation({
    mutationFn: ({ datasetId, version }: { datasetId: string; version: number }) =>
      client.call("GET /api/v1/datasets/:datasetId/curation/recipe", {
        params: { datasetId },
        query: { version: String(version) },
      }),
    meta: { failure: "The recipe could not be read" },
  });
}

/** A check starts automatically on commit and is often done before its job is seen. */
const CONTAMINATION_MS = 15_000;

/** The evaluation datasets that share items with this one. */
export function useContamination(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "contamination"],
    refetchInterval: CONTAMINATION_MS,
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/datasets/:datasetId/contamination", { params: { datasetId }, query, signal }),
      ),
  });
}
