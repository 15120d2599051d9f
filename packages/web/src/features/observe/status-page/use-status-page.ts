import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type StatusPage = Answer<"GET /api/v1/status-page">;
export type StatusPageBody = RequestFor<"PUT /api/v1/status-page">["body"];
export type StatusNote = Answer<"GET /api/v1/status-notes">["items"][number];
export type NoteBody = RequestFor<"POST /api/v1/status-notes">["body"];
export type UpdateBody = RequestFor<"POST /api/v1/status-notes/:noteId/updates">["body"];

export function useStatusPage() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["status-page", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/status-page", { signal }),
  });
}

export function useSaveStatusPage() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: StatusPageBody) => client.call("PUT /api/v1/status-page", { body }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["status-page"] }),
  });
}

/** The SLOs that components can show; empty without permission. */
export function useSloNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["slos", id, "names"],
    enabled: can("monitors:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/slos", { query, signal })),
    select: ({ items }) => items.map(({ sloId, name }) => ({ sloId, name })),
  });
}

export function useNotes() {
  const { id, client, can } = useProject();
  return useInfiniteQuery({
    queryKey: ["status-notes", id],
    enabled: can("incidents:read"),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/status-notes", { query: { limit: 20, ...(cursor && { cursor }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

export function useNoteChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["status-notes"] });
  return {
    create: useMutation({
      mutationFn: (body: NoteBody) => client.call("POST /api/v1/status-notes", { body }),
      onSuccess,
    }),
    addUpdate: useMutation({
      mutationFn: ({ noteId, body }: { noteId: string; body: UpdateBody }) =>
        client.call("POST /api/v1/status-notes/:noteId/updates", { params: { noteId }, body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (noteId: string) => client.call("DELETE /api/v1/status-notes/:noteId", { params: { noteId } }),
      meta: { failure: "The note was not deleted" },
      onSuccess,
    }),
  };
}
