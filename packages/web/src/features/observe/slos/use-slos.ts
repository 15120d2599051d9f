import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Slo = Answer<"GET /api/v1/slos/:sloId">;
export type SloStatus = Slo["status"];
export type SloJudge = NonNullable<Slo["judge"]>;
export type SloDay = Answer<"GET /api/v1/slos/:sloId/days">["items"][number];
export type SloPreview = Answer<"POST /api/v1/slo-previews">;
export type SloBody = RequestFor<"POST /api/v1/slos">["body"];

/** The server reads the spans again after half a minute. */
const REFRESH_MS = 60_000;

export function useSloList(q: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["slos", id, "list", q],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/slos", { query: { ...(q && { q }), ...(cursor && { cursor }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

export function useSlo(sloId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["slos", id, sloId],
    queryFn: ({ signal }) => client.call("GET /api/v1/slos/:sloId", { params: { sloId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function useSloDays(sloId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["slos", id, sloId, "days"],
    queryFn: ({ signal }) => client.call("GET /api/v1/slos/:sloId/days", { params: { sloId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** What the stored requests say of an SLO that is being written. Null while it is not complete. */
export function useSloPreview(body: SloBody | null) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["slo-preview", id, body],
    enabled: body !== null,
    queryFn: ({ signal }) => {
      if (body === null) throw new Error("the SLO is not complete");
      return client.call("POST /api/v1/slo-previews", { body, signal });
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** The names of the endpoints; empty without permission. */
export function useEndpointList() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["endpoints", id, "slo-names"],
    enabled: can("endpoints:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/endpoints", { query, signal })),
    select: ({ items }) => items.map(({ name }) => name),
  });
}

export function useSloChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["slos"] });
  return {
    create: useMutation({
      mutationFn: (body: SloBody) => client.call("POST /api/v1/slos", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ sloId, body }: { sloId: string; body: SloBody }) =>
        client.call("PATCH /api/v1/slos/:sloId", { params: { sloId }, body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (sloId: string) => client.call("DELETE /api/v1/slos/:sloId", { params: { sloId } }),
      meta: { failure: "The SLO was not deleted" },
      onSuccess,
    }),
  };
}
