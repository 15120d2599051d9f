import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";
import type { QueueSearch } from "../shared/annotation-search.ts";

export type ItemRow = Answer<"GET /api/v1/annotation-queues/:queueId/items">["items"][number];
export type WholeItem = Answer<"GET /api/v1/annotation-items/:itemId">;
export type QuestionAgreement = Answer<"GET /api/v1/annotation-queues/:queueId/agreement">["items"][number];
export type Quality = Answer<"GET /api/v1/annotation-queues/:queueId/annotators">["items"][number];
export type Estimate = QuestionAgreement["alpha"];
type Settled = RequestFor<"POST /api/v1/annotation-items/:itemId/adjudications">["body"];
type ItemPatch = RequestFor<"PATCH /api/v1/annotation-items/:itemId">["body"];

const REFRESH_MS = 10_000;

/** The items of a queue page by page, for its managers. */
export function useItems(queueId: string, { status, annotator, search = "", gold }: QueueSearch) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["annotation", id, "items", queueId, status, annotator, search, gold],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/items", {
        params: { queueId },
        query: { limit: 50, cursor, status, annotator, search, gold: gold ?? "any" },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** One item with all answers and their authors. */
export function useItem(itemId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "item", itemId],
    queryFn: ({ signal }) => client.call("GET /api/v1/annotation-items/:itemId", { params: { itemId }, signal }),
  });
}

export function useAgreement(queueId: string, slice: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "agreement", queueId, slice],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/agreement", {
        params: { queueId },
        query: { slice },
        signal,
      }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}

export function useQuality(queueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "quality", queueId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/annotators", { params: { queueId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** Changes to single items. Each one reloads everything shown about annotation. */
export function useItemChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["annotation"] });
  return {
    settle: useMutation({
      mutationFn: ({ itemId, body }: { itemId: string; body: Settled }) =>
        client.call("POST /api/v1/annotation-items/:itemId/adjudications", { params: { itemId }, body }),
      // Also after an error, because another reviewer may have settled the item.
      onSettled: onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ itemId, ...body }: { itemId: string } & ItemPatch) =>
        client.call("PATCH /api/v1/annotation-items/:itemId", { params: { itemId }, body }),
      meta: { failure: "The item was not changed" },
      onSuccess,
    }),
  };
}

export const EXPORTS = { jsonl: "JSONL", csv: "CSV", "label-studio": "Label Studio" } as const;
export type ExportShape = keyof typeof EXPORTS;

/** Downloads all items and answers as a file. */
export function useExportQueue() {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ queueId, name, shape }: { queueId: string; name: string; shape: ExportShape }) {
      const response = await client.send("GET /api/v1/annotation-queues/:queueId/export", {
        params: { queueId },
        query: { shape },
      });
      const ending = { jsonl: "jsonl", csv: "csv", "label-studio": "json" }[shape];
      saveBlob(`${name}.${ending}`, await response.blob());
    },
    meta: { failure: "The queue was not exported" },
  });
}
