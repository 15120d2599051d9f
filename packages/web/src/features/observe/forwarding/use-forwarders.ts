import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Forwarder = Answer<"GET /api/v1/forwarders">["items"][number];
export type NewForwarder = RequestFor<"POST /api/v1/forwarders">["body"];
export type ForwarderChange = RequestFor<"PATCH /api/v1/forwarders/:forwarderId">["body"];

/** Polled every few seconds, because the counts change while the page is open. */
const REFRESH_MS = 5_000;

export function useForwarders() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["forwarders", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/forwarders", { signal }),
    refetchInterval: REFRESH_MS,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["forwarders"] });
}

export function useCreateForwarder() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: NewForwarder) => client.call("POST /api/v1/forwarders", { body }),
    onSuccess,
  });
}

/** `failure` is the toast for a change that is made without a form. */
export function useUpdateForwarder(failure?: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ forwarderId, body }: { forwarderId: string; body: ForwarderChange }) =>
      client.call("PATCH /api/v1/forwarders/:forwarderId", { params: { forwarderId }, body }),
    meta: { failure },
    onSuccess,
  });
}

export function useDeleteForwarder() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (forwarderId: string) =>
      client.call("DELETE /api/v1/forwarders/:forwarderId", { params: { forwarderId } }),
    meta: { failure: "The forwarder was not deleted" },
    onSuccess,
  });
}

/** Sends a test span and returns the receiver's response. */
export function useTestForwarder() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (forwarderId: string) =>
      client.call("POST /api/v1/forwarders/:forwarderId/test", { params: { forwarderId } }),
  });
}
