import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { EXPERIMENT_STATUSES, type ExperimentInput } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";
import type { ListSearch } from "./experiment-search.ts";

export type Experiment = Answer<"GET /api/v1/experiments/:experimentId">;
export type Run = Experiment["runs"][number];
export type Estimate = Answer<"POST /api/v1/experiments/estimate">;
export type Plan = Answer<"POST /api/v1/experiments/plan">;
export type PlanAsked = RequestFor<"POST /api/v1/experiments/plan">["body"];
export type ExperimentBody = RequestFor<"POST /api/v1/experiments">["body"];
type Patch = RequestFor<"PATCH /api/v1/experiments/:experimentId">["body"];

export const isActive = ({ status }: Pick<Experiment | Run, "status">): boolean =>
  status === "queued" || status === "running";

/** The project's experiments page by page, newest first; running ones are reloaded. */
export function useExperiments({ search, status, dataset }: ListSearch) {
  const { id, client } = useProject();
  const known = EXPERIMENT_STATUSES.find((one) => one === status);
  return useInfiniteQuery({
    queryKey: ["experiments", id, "list", search, known, dataset],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/experiments", {
        query: { limit: 50, cursor, search: search ?? "", status: known, datasetId: dataset },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? 3_000 : false),
  });
}

/** How often a running experiment is reloaded, in milliseconds. */
const PACE_MS = 1_500;

export function useExperiment(experimentId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["experiments", id, experimentId, "head"],
    enabled: experimentId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/experiments/:experimentId", { params: { experimentId: experimentId ?? "" }, signal }),
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? PACE_MS : false),
  });
}

function useRefreshExperiments() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: ["experiments"] });
    void cache.invalidateQueries({ queryKey: ["runs"] });
  };
}

/** Changes to experiments. Each one reloads everything shown about experiments. */
export function useExperimentChanges() {
  const { client } = useProject();
  const onSuccess = useRefreshExperiments();
  return {
    start: useMutation({
      mutationFn: (body: ExperimentBody) => client.call("POST /api/v1/experiments", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ experimentId, ...body }: { experimentId: string } & Patch) =>
        client.call("PATCH /api/v1/experiments/:experimentId", { params: { experimentId }, body }),
      meta: { failure: "The experiment was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (experimentId: string) =>
        client.call("DELETE /api/v1/experiments/:experimentId", { params: { experimentId } }),
      meta: { failure: "The experiment was not deleted" },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (experimentId: string) =>
        client.call("POST /api/v1/experiments/:experimentId/cancel", { params: { experimentId } }),
      meta: { failure: "The experiment was not canceled" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (experimentId: string) =>
        client.call("POST /api/v1/experiments/:experimentId/resume", { params: { experimentId }, body: {} }),
      meta: { failure: "The experiment was not resumed" },
      onSuccess,
    }),
  };
}

/** The estimate of an experiment, requested when the form is valid. */
export function useEstimate(input: ExperimentInput | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["experiment-estimate", id, input],
    queryFn: input
      ? ({ signal }) => client.call("POST /api/v1/experiments/estimate", { body: input, signal })
      : skipToken,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** The number of items needed to detect a difference. */
export function usePlan(asked: PlanAsked | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["experiment-plan", id, asked],
    queryFn: asked ? ({ signal }) => client.call("POST /api/v1/experiments/plan", { body: asked, signal }) : skipToken,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export const FORMATS = { csv: "CSV", json: "JSON", markdown: "Markdown", html: "HTML" } as const;
export type Format = keyof typeof FORMATS;
const ENDINGS: Readonly<Record<Format, string>> = { csv: "csv", json: "json", markdown: "md", html: "html" };

/** Downloads a run as a file. */
export function useExportRun() {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ runId, name, base, format }: { runId: string; name: string; base?: string; format: Format }) {
      const response = await client.send("GET /api/v1/runs/:runId/export", {
        params: { runId },
        query: { format, base },
      });
      const file = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
      saveBlob(file ?? `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}.${ENDINGS[format]}`, await response.blob());
    },
    meta: { failure: "The file was not created" },
  });
}
