import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, ApiError, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Policy = Answer<"GET /api/v1/guard-policies/:policyId">;
export type PolicyVersion = Answer<"GET /api/v1/guard-policies/:policyId/versions">["items"][number];
export type Rule = Policy["rules"][number];
export type Scope = Policy["appliesTo"];
export type Trust = Rule["scopes"][number];
export type Action = Rule["action"];
export type Failure = Rule["failure"];
export type PolicyInput = RequestFor<"POST /api/v1/guard-policies">["body"];
export type CheckInput = NonNullable<RequestFor<"POST /api/v1/guards/check">["body"]>;
export type Verdict = Answer<"POST /api/v1/guards/check">;
export type CheckedText = Verdict["texts"][number];

const EVERY_LIST = ["guard-policies"];

/** All policies of the project. A project has few: no two apply to the same calls. */
export function usePolicies() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...EVERY_LIST, id],
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/guard-policies", { query, signal })),
  });
}

/** One policy. `isWanted` is false where its id is not known or may not be read. */
export function usePolicy(policyId: string, isWanted = true) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...EVERY_LIST, id, policyId],
    enabled: isWanted,
    queryFn: ({ signal }) => client.call("GET /api/v1/guard-policies/:policyId", { params: { policyId }, signal }),
  });
}

/** The versions of a policy, newest first. */
export function usePolicyVersions(policyId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: [...EVERY_LIST, id, policyId, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/guard-policies/:policyId/versions", {
        params: { policyId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: EVERY_LIST });
}

type Saving = { readonly body: PolicyInput; readonly expectedVersion: number };

/** Creates a policy, or replaces the version of the policy with this id that the changes are based on. */
export function useSavePolicy(policyId: string | undefined) {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ body, expectedVersion }: Saving) =>
      policyId === undefined
        ? client.call("POST /api/v1/guard-policies", { body })
        : client.call("PUT /api/v1/guard-policies/:policyId", {
            params: { policyId },
            query: { expectedVersion },
            body,
          }),
    onSuccess: refresh,
    // Another user saved a version, which the form should tell.
    onError: (error) => error instanceof ApiError && error.code === "conflict" && refresh(),
  });
}

/** Turns a stored policy on or off, which makes a new version. A list may show an older version, so the policy is read first. */
export function useSwitchPolicy() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    async mutationFn({ policyId, isEnabled }: Pick<Policy, "policyId" | "isEnabled">) {
      const params = { policyId };
      const current = await client.call("GET /api/v1/guard-policies/:policyId", { params });
      const { policyId: _id, version, createdAt: _created, updatedAt: _updated, ...content } = current;
      return client.call("PUT /api/v1/guard-policies/:policyId", {
        params,
        query: { expectedVersion: version },
        body: { ...content, isEnabled: !isEnabled },
      });
    },
    meta: { failure: "The policy was not changed" },
    onSuccess,
  });
}

export function useDeletePolicy() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (policyId: string) => client.call("DELETE /api/v1/guard-policies/:policyId", { params: { policyId } }),
    meta: { failure: "The policy was not deleted" },
    // The page of the policy may still be open, and would read a policy that does not exist.
    onSuccess: () => void cache.invalidateQueries({ queryKey: [...EVERY_LIST, id], exact: true }),
  });
}

export function useRestorePolicy(policyId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (version: number) =>
      client.call("POST /api/v1/guard-policies/:policyId/restore", { params: { policyId }, body: { version } }),
    meta: { failure: "The version was not restored" },
    onSuccess,
  });
}

/** Checks a text or messages under rules. Nothing is stored. */
export function useCheck() {
  const { client } = useProject();
  return useMutation({ mutationFn: (body: CheckInput) => client.call("POST /api/v1/guards/check", { body }) });
}
