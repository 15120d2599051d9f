import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Rollout = Answer<"GET /api/v1/rollouts/:rolloutId">;
export type RolloutBody = RequestFor<"POST /api/v1/rollouts">["body"];
export type Finding = NonNullable<Rollout["evidence"]>["metrics"][number];
export type RolloutEvent = Answer<"GET /api/v1/rollouts/:rolloutId/events">["items"][number];
export type RolloutPoint = Answer<"GET /api/v1/rollouts/:rolloutId/points">["items"][number];
export type Estimate = Answer<"POST /api/v1/rollouts/estimate">;
export type RolloutVerb = "start" | "pause" | "resume" | "approve" | "promote" | "roll-back";

/** As often as the server evaluates. */
const PACE_MS = 5_000;
export const isOpen = ({ state }: Pick<Rollout, "state">): boolean =>
  state === "running" || state === "holding" || state === "paused";

type Wanted = { readonly state?: Rollout["state"] | undefined; readonly endpointId?: string | undefined };

/** The project's rollouts page by page, newest first. */
export function useRollouts(wanted: Wanted) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["rollouts", id, "list", wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/rollouts", { query: { limit: 50, cursor, ...wanted }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isOpen)) ? PACE_MS : false),
  });
}

export function useRollout(rolloutId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["rollouts", id, rolloutId],
    enabled: rolloutId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/rollouts/:rolloutId", { params: { rolloutId: rolloutId ?? "" }, signal }),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? PACE_MS : false),
  });
}

/** What changes with the rollout is read again when the rollout has changed. */
type Shown = Pick<Rollout, "rolloutId" | "updatedAt" | "state" | "evidence">;

export function useRolloutEvents({ rolloutId, updatedAt }: Shown) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["rollouts", id, rolloutId, "events", updatedAt],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/rollouts/:rolloutId/events", {
        params: { rolloutId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useRolloutPoints({ rolloutId, state, evidence }: Shown) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["rollouts", id, rolloutId, "points", state, evidence?.at.slice(0, "2026-01-01T00:00".length)],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/rollouts/:rolloutId/points", { params: { rolloutId }, query, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** What the rollout of a form can find out; asked for when the form is complete and typing has stopped. */
export function useEstimate(body: RolloutBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["rollout-estimate", id, body],
    enabled: body !== undefined,
    queryFn: async ({ signal }): Promise<Estimate> => {
      if (!body) throw new Error("an estimate needs a whole form");
      return client.call("POST /api/v1/rollouts/estimate", { body, signal });
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
}

const FAILURES: Readonly<Record<RolloutVerb, string>> = {
  start: "The rollout was not started",
  pause: "The rollout was not paused",
  resume: "The rollout was not resumed",
  approve: "The stage was not approved",
  promote: "The candidate was not promoted",
  "roll-back": "The candidate was not rolled back",
};

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["rollouts"] }),
      cache.invalidateQueries({ queryKey: ["endpoints"] }),
    ]);
}

/** One of the things that a person does with a rollout. */
export function useRolloutAct(verb: RolloutVerb) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (rolloutId: string) =>
      client.call(`POST /api/v1/rollouts/:rolloutId/${verb}`, { params: { rolloutId } }),
    meta: { failure: FAILURES[verb] },
    onSuccess,
  });
}

/** Creates a draft, or replaces the draft with this id. */
export function useSaveDraft(rolloutId: string | undefined) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: RolloutBody) =>
      rolloutId
        ? client.call("PUT /api/v1/rollouts/:rolloutId", { params: { rolloutId }, body })
        : client.call("POST /api/v1/rollouts", { body }),
    onSuccess,
  });
}

export function useDeleteDraft() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (rolloutId: string) => client.call("DELETE /api/v1/rollouts/:rolloutId", { params: { rolloutId } }),
    meta: { failure: "The draft was not deleted" },
    onSuccess,
  });
}
