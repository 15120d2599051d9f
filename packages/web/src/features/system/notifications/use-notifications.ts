import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../session/index.ts";

export type Channel = Answer<"GET /api/v1/notification-channels">["items"][number];
export type NotificationRoute = Answer<"GET /api/v1/notification-routes">["items"][number];
export type Message = Answer<"GET /api/v1/notification-messages">["items"][number];
export type Notice = Answer<"GET /api/v1/notices">["items"][number];
type NewChannel = RequestFor<"POST /api/v1/notification-channels">["body"];
type ChannelChange = RequestFor<"PATCH /api/v1/notification-channels/:channelId">["body"];
type NewRoute = RequestFor<"POST /api/v1/notification-routes">["body"];
type RouteChange = RequestFor<"PATCH /api/v1/notification-routes/:routeId">["body"];

/** Deliveries change while the page is open. */
const REFRESH_MS = 5_000;
const FIRST: string | undefined = undefined;

export function useChannels() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["notifications", id, "channels"],
    queryFn: ({ signal }) => client.call("GET /api/v1/notification-channels", { signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function useRoutes() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["notifications", id, "routes"],
    queryFn: ({ signal }) => client.call("GET /api/v1/notification-routes", { signal }),
  });
}

export function useDeadMessages() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["notifications", id, "dead"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/notification-messages", { query: { state: "dead", limit: 20, cursor }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

export function useNotices() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["notifications", id, "notices"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/notices", { query: { limit: 20, cursor }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["notifications"] });
}

export function useChannelChanges() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  const at = (channelId: string) => ({ params: { channelId } });
  const create = useMutation({
    mutationFn: (body: NewChannel) => client.call("POST /api/v1/notification-channels", { body }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ channelId, body }: { channelId: string; body: ChannelChange }) =>
      client.call("PATCH /api/v1/notification-channels/:channelId", { ...at(channelId), body }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (channelId: string) => client.call("DELETE /api/v1/notification-channels/:channelId", at(channelId)),
    meta: { failure: "The channel was not deleted" },
    onSuccess,
  });
  const rotate = useMutation({
    mutationFn: (channelId: string) =>
      client.call("POST /api/v1/notification-channels/:channelId/rotate-secret", { ...at(channelId), body: {} }),
    onSuccess,
  });
  return { create, update, remove, rotate };
}

/** Sends a test message and returns the receiver's answer. */
export function useTestChannel() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (channelId: string) =>
      client.call("POST /api/v1/notification-channels/:channelId/test", { params: { channelId } }),
  });
}

export function useRouteChanges() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  const create = useMutation({
    mutationFn: (body: NewRoute) => client.call("POST /api/v1/notification-routes", { body }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ routeId, body }: { routeId: string; body: RouteChange }) =>
      client.call("PATCH /api/v1/notification-routes/:routeId", { params: { routeId }, body }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (routeId: string) =>
      client.call("DELETE /api/v1/notification-routes/:routeId", { params: { routeId } }),
    meta: { failure: "The route was not deleted" },
    onSuccess,
  });
  const reorder = useMutation({
    mutationFn: (routeIds: string[]) => client.call("POST /api/v1/notification-routes/reorder", { body: { routeIds } }),
    meta: { failure: "The order was not changed" },
    onSuccess,
  });
  return { create, update, remove, reorder };
}

export function useReplay() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (messageId: string) =>
      client.call("POST /api/v1/notification-messages/:messageId/replay", { params: { messageId } }),
    meta: { failure: "The message was not sent again" },
    onSuccess,
  });
}
