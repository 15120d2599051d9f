import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import type { CurationChoice, CurationStep } from "@treadle/contract";
import { useProject } from "../session/index.ts";
import { useRefreshDatasets } from "./use-datasets.ts";

const NO_STEPS: readonly CurationStep[] = [];

/** The steps that there are; they only change with the server. */
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
  /** The draft as it is now: another one is looked at anew. */
  revision: number;
  step: CurationChoice | undefined;
  rows: number;
};

/** What one step would do to the draft; asked for when its parameters have been still for a moment. */
export function useCurationPreview({ datasetId, branch, revision, step, rows }: Asked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["curation-preview", id, datasetId, branch, revision, step, rows],
    enabled: step !== undefined,
    staleTime: 300_000,
    retry: false,
    // What the same step would do with other parameters stays until the new answer has come.
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

/** Reads the steps that made a version, to be run again. */
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

/** A check begins by itself when a version is committed, and is over before anybody has seen its job. */
const CONTAMINATION_MS = 15_000;

/** Which evaluation datasets share items with this one. */
export function useContamination(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "contamination"],
    refetchInterval: CONTAMINATION_MS,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/contamination", { params: { datasetId }, signal }),
  });
}
