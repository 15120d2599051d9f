import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../session/index.ts";

export type SystemReport = Answer<"GET /api/v1/system">;
export type RefusedBatch = Answer<"GET /api/v1/undeliverable-batches">["items"][number];

/** The system report, polled every ten seconds. */
export function useSystem() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["system", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/system", { signal }),
    refetchInterval: 10_000,
  });
}

/** Batches that are safe on disk but that the columnar store rejects. */
export function useRefusedBatches() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["refused-batches", id],
    queryFn: ({ signal }) =>
      readAllPages((query) => client.call("GET /api/v1/undeliverable-batches", { query, signal })),
    refetchInterval: 30_000,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["refused-batches"] }),
      cache.invalidateQueries({ queryKey: ["system"] }),
    ]);
}

export function useReplayBatch() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (batchId: string) =>
      client.call("POST /api/v1/undeliverable-batches/:batchId/replay", { params: { batchId } }),
    meta: { failure: "The batch was rejected again" },
    onSettled: useRefresh(),
  });
}

export function useDeleteBatch() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (batchId: string) =>
      client.call("DELETE /api/v1/undeliverable-batches/:batchId", { params: { batchId } }),
    meta: { failure: "The batch was not deleted" },
    onSuccess: useRefresh(),
  });
}
