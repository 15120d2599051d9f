import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type StoredPrivacy = Answer<"GET /api/v1/privacy">;
export type PrivacyBody = Required<RequestFor<"PUT /api/v1/privacy">["body"]>;

export function usePrivacy() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["privacy", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/privacy", { signal }),
  });
}

export function useSavePrivacy() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: PrivacyBody) => client.call("PUT /api/v1/privacy", { body }),
    onSuccess: (saved) => cache.setQueryData(["privacy", id], saved),
  });
}
