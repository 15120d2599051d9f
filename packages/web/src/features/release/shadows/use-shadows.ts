import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Shadow = Answer<"GET /api/v1/shadows">["items"][number];
export type ShadowWithResults = Answer<"GET /api/v1/shadows/:shadowId">;
export type ShadowResults = ShadowWithResults["results"];
export type ShadowPair = Answer<"GET /api/v1/shadows/:shadowId/pairs">["items"][number];
export type ShadowBody = RequestFor<"POST /api/v1/shadows">["body"];
export type EndpointChoice = Answer<"GET /api/v1/endpoints">["items"][number];
export type ShadowVerb = "pause" | "resume" | "end";

const PACE_MS = 5_000;
const isRunning = ({ state }: Pick<Shadow, "state">) => state === "running";

/** The project's shadows page by page, newest first. */
export function useShadows(wanted: { readonly state?: Shadow["state"] | undefined }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["shadows", id, "list", wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/shadows", { query: { limit: 50, cursor, ...wanted }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isRunning)) ? PACE_MS : false),
  });
}

export function useShadow(shadowId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["shadows", id, shadowId],
    queryFn: ({ signal }) => client.call("GET /api/v1/shadows/:shadowId", { params: { shadowId }, signal }),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? PACE_MS : false),
  });
}

type Shown = { readonly shadowId: string; readonly differs: boolean; readonly isLive: boolean };

export function useShadowPairs({ shadowId, differs, isLive }: Shown) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["shadows", id, shadowId, "pairs", differs],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/shadows/:shadowId/pairs", {
        params: { shadowId },
        query: { limit: 20, cursor, differs: differs ? "true" : "false" },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? PACE_MS : false,
  });
}

const FAILURES: Readonly<Record<ShadowVerb, string>> = {
  pause: "The shadow was not paused",
  resume: "The shadow was not resumed",
  end: "The shadow was not ended",
};

function useRefresh() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["shadows"] });
}

/** One of the things that a person does with a shadow. */
export function useShadowAct(verb: ShadowVerb) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (shadowId: string) => client.call(`POST /api/v1/shadows/:shadowId/${verb}`, { params: { shadowId } }),
    meta: { failure: FAILURES[verb] },
    onSuccess,
  });
}

export function useCreateShadow() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: ShadowBody) => client.call("POST /api/v1/shadows", { body }),
    onSuccess,
  });
}

/** Copies the pairs to a dataset and two runs. */
export function useShadowExperiment() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (shadowId: string) =>
      client.call("POST /api/v1/shadows/:shadowId/experiment", { params: { shadowId }, body: {} }),
    meta: { failure: "The pairs were not copied" },
  });
}
