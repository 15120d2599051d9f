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
import type { Answer } from "../../api.ts";
import { useJobOf } from "../jobs/index.ts";
import { useProject } from "../session/index.ts";
import type { ListSearch } from "./optimisation-search.ts";

export type Optimisation = Answer<"GET /api/v1/optimisations/:optimisationId">;
export type Listed = Answer<"GET /api/v1/optimisations">["items"][number];
export type Candidate = Optimisation["candidates"][number];
export type Estimate = Answer<"POST /api/v1/optimisations/estimate">;
type Body = RequestFor<"POST /api/v1/optimisations">["body"];

const isActive = ({ status }: Pick<Optimisation, "status">): boolean => status === "queued" || status === "running";

/** The project's searches page by page, newest first; those that run are looked at again. */
export function useOptimisations({ search, status }: ListSearch) {
  const { id, client } = useProject();
  const known = EXPERIMENT_STATUSES.find((one) => one === status);
  return useInfiniteQuery({
    queryKey: ["optimisations", id, "list", search, known],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/optimisations", {
        query: { limit: 50, cursor, search: search ?? "", status: known },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? 3_000 : false),
  });
}

/** How often the candidates of a search that runs are loaded, in milliseconds. */
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

/** The job of a search as it goes on, null once it has ended; what it found is loaded anew then. */
export function useOptimisationJob(optimisation: Optimisation) {
  const cache = useQueryClient();
  const isOn = isActive(optimisation);
  const job = useJobOf({ jobId: optimisation.jobId, isOn }, () => {
    void cache.invalidateQueries({ queryKey: ["optimisations"] });
    void cache.invalidateQueries({ queryKey: ["active-jobs"] });
    void cache.invalidateQueries({ queryKey: ["prompt"] });
  });
  return isOn ? { job } : null;
}

/** What is done to searches; all that is shown of them and of their prompts is loaded anew afterwards. */
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
      meta: { failure: "The search was not cancelled" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (optimisationId: string) =>
        client.call("POST /api/v1/optimisations/:optimisationId/resume", { params: { optimisationId } }),
      meta: { failure: "The search does not go on" },
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

/** What a search would take at most; asked for as soon as what is written makes one. */
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
