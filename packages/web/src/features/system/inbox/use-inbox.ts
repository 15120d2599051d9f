import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { useProject } from "../session/index.ts";

export type InboxItem = Answer<"GET /api/v1/inbox">["items"][number];

const REFRESH_MS = 20_000;
const PAGE = 50;

/** The number of unread items. 100 stands for more. */
export function useUnreadCount() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["inbox", id, "unread"],
    queryFn: ({ signal }) => client.call("GET /api/v1/inbox/unread", { signal }),
    refetchInterval: REFRESH_MS,
    refetchOnWindowFocus: true,
  });
}

export function useInbox({ isUnreadOnly }: { isUnreadOnly: boolean }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["inbox", id, "items", isUnreadOnly],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/inbox", {
        query: { limit: PAGE, cursor, ...(isUnreadOnly && { unread: "true" }) },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

export function useReadInbox() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ["inbox"] });
  const one = useMutation({
    mutationFn: (itemId: string) => client.call("POST /api/v1/inbox/:itemId/read", { params: { itemId } }),
    meta: { failure: "The item was not marked as read" },
    onSuccess,
  });
  const all = useMutation({
    mutationFn: () => client.call("POST /api/v1/inbox/read-all", {}),
    meta: { failure: "The inbox was not marked as read" },
    onSuccess,
  });
  return { one, all };
}
