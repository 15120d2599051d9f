import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";

/** The comments on a trace and its spans, oldest first. Others may be writing at the same time, so it is polled. */
export function useComments(traceId: string) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["comments", id, traceId],
    enabled: can("dashboards:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/comments", { query: { traceId, limit: 200 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** How many comments a span has, or the trace as a whole for ""; undefined for those who may not read them. */
export function useCommentCount(traceId: string, spanId: string): number | undefined {
  const { can } = useProject();
  const { data } = useComments(traceId);
  if (!can("dashboards:read")) return undefined;
  return data?.counts.find((entry) => entry.spanId === spanId)?.count ?? 0;
}

/** Writing, changing and deleting; each is followed by a look at what is there now. */
export function useCommentChanges(traceId: string) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const onSuccess = () => void queries.invalidateQueries({ queryKey: ["comments", id, traceId] });
  return {
    create: useMutation({
      mutationFn: (body: { spanId: string; text: string }) =>
        client.call("POST /api/v1/comments", { body: { traceId, ...body } }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ commentId, text }: { commentId: string; text: string }) =>
        client.call("PATCH /api/v1/comments/:commentId", { params: { commentId }, body: { text } }),
      onSuccess,
    }),
    remove: useMutation({
      meta: { failure: "The comment was not deleted" },
      mutationFn: (commentId: string) => client.call("DELETE /api/v1/comments/:commentId", { params: { commentId } }),
      onSuccess,
    }),
  };
}
