import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { EXPERIMENT_STATUSES, type OptimisationInput } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import type { ListSearch } from "./optimisation-search.ts";

export type Optimisation = Answer<"GET /api/v1/optimisations/:optimisationId">;
export type Listed = Answer<"GET /api/v1/optimisations">["items"][number];
export type Candidate = Optimisation["candidates"][number];
export type Estimate = Answer<"POST /api/v1/optimisations/estimate">;
type Body = RequestFor<"POST /api/v1/optimisations">["body"];

const isActive = ({ status }: Pick<Optimisation, "status">): boolean => status === "queued" || status === "running";

/** The project's optimisations page by page, newest first; running ones are reloaded. */
export function useOptimisations({ search, status }: ListSearch) {
  const { id, client } = useProject();
  const statusFilter = EXPERIMENT_STATUSES.find((one) => one === status);
  return useInfiniteQuery({
    queryKey: ["optimisations", id, "list", search, statusFilter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/optimisations", {
        query: { limit: 50, cursor, search: search ?? "", status: statusFilter },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? 3_000 : false),
  });
}

/** How often the candidates of a running optimisation are reloaded, in milliseconds. */
const PACE_MS = 1_500;

export function useOptimisation(optimisationId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["optimisations", id, optimisationId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/optimisations/:optimisationId", { params: { optimisationId }, signal }),
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? PACE_MS : false),
  });
}

/** Changes to optimisations. Each one reloads everything shown about optimisations and their prompts. */
export function useOptimisationChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["optimisations"] });
    void cache.invalidateQueries({ queryKey: ["prompt"] });
  };
  return {
    start: useMutation({
      mutationFn: (body: Body) => client.call("POST /api/v1/optimisations", { body }),
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (optimisationId: string) =>
        client.call("POST /api/v1/optimisations/:optimisationId/cancel", { params: { optimisationId } }),
      meta: { failure: "The optimisation was not canceled" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (optimisationId: string) =>
        client.call("POST /api/v1/optimisations/:optimisationId/resume", { params: { optimisationId } }),
      meta: { failure: "The optimisation was not resumed" },
      onSuccess,
    }),
    save: useMutation({
      mutationFn: ({ optimisationId, candidate }: { optimisationId: string; candidate: number }) =>
        client.call("POST /api/v1/optimisations/:optimisationId/save", {
          params: { optimisationId },
          body: { candidate },
        }),
      meta: { failure: "The candidate was not saved" },
      onSuccess,
    }),
  };
}

/** The estimate of an optimisation, requested when the form is valid. */
export function useEstimate(input: OptimisationInput | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["optimisation-estimate", id, input],
    queryFn: input
      ? ({ signal }) => client.call("POST /api/v1/optimisations/estimate", { body: input, signal })
      : skipToken,
    placeholderData: keepPreviousData,
    retry: false,
  });
}
