import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ScorerRef } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Scorer = Answer<"GET /api/v1/scorers/:scorerId">;
export type ScorerKind = Answer<"GET /api/v1/scorer-kinds">["items"][number];
export type ScorerVersion = Scorer["latest"];
export type Tried = Answer<"POST /api/v1/scorers/try">;
export type SampleInput = RequestFor<"POST /api/v1/scorers/try">["body"]["sample"];

/** All kinds; they change only with a release. */
export function useKinds() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["scorer-kinds", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/scorer-kinds", { signal }),
    staleTime: 600_000,
    select: ({ items }) => items,
  });
}

/** The stored scorers by name, page by page. */
export function useScorers({ search, isArchived }: { search: string; isArchived: boolean }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["scorers", id, "list", search, isArchived],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/scorers", {
        query: { limit: 100, cursor, search: search || undefined, archived: isArchived ? "only" : "exclude" },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useScorer(scorerId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["scorers", id, scorerId, "head"],
    queryFn: ({ signal }) => client.call("GET /api/v1/scorers/:scorerId", { params: { scorerId }, signal }),
  });
}

/** The versions of a scorer, newest first. */
export function useScorerVersions(scorerId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["scorers", id, scorerId, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/scorers/:scorerId/versions", {
        params: { scorerId },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Changes to scorers. The response is shown immediately, then everything about scorers is reloaded. */
export function useScorerChanges() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["scorers"] });
  const onChanged = (scorer: Scorer) => {
    cache.setQueryData(["scorers", id, scorer.scorerId, "head"], scorer);
    onSuccess();
  };
  return {
    create: useMutation({
      mutationFn: (body: RequestFor<"POST /api/v1/scorers">["body"]) => client.call("POST /api/v1/scorers", { body }),
      onSuccess,
    }),
    addVersion: useMutation({
      mutationFn: ({
        scorerId,
        ...body
      }: { scorerId: string } & RequestFor<"POST /api/v1/scorers/:scorerId/versions">["body"]) =>
        client.call("POST /api/v1/scorers/:scorerId/versions", { params: { scorerId }, body }),
      onSuccess: onChanged,
    }),
    update: useMutation({
      mutationFn: ({
        scorerId,
        ...body
      }: { scorerId: string } & RequestFor<"PATCH /api/v1/scorers/:scorerId">["body"]) =>
        client.call("PATCH /api/v1/scorers/:scorerId", { params: { scorerId }, body }),
      meta: { failure: "The scorer was not changed" },
      onSuccess: onChanged,
    }),
    remove: useMutation({
      mutationFn: (scorerId: string) => client.call("DELETE /api/v1/scorers/:scorerId", { params: { scorerId } }),
      meta: { failure: "The scorer was not deleted" },
      onSuccess,
    }),
  };
}

/** Scores one sample without storing anything. */
export function useTry() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: { ref: ScorerRef; sample: SampleInput }) => client.call("POST /api/v1/scorers/try", { body }),
  });
}

/** The models that a kind can use: reward models of the registry, or models and endpoints for judges. */
export function useModelNames(kind: ScorerKind | undefined): Readonly<Record<string, readonly string[]>> {
  const isReward = kind?.needs.includes("reward-model") ?? false;
  const judges = useJudgeNames(!isReward);
  const rewards = useRewardModels(isReward);
  return { model: isReward ? rewards : judges };
}

/** The newest versions of reward models, whose scores stay comparable, and then the aliases. */
function useRewardModels(enabled: boolean): readonly string[] {
  const { id, client, can } = useProject();
  const list = useQuery({
    queryKey: ["registry", id, "reward-models"],
    enabled: enabled && can("models:read"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/registry/models", { query: { tag: "method=reward", limit: 200 }, signal }),
    staleTime: 60_000,
  });
  const models = list.data?.items ?? [];
  return [
    ...models.flatMap(({ name, latest }) => (latest ? [`${name}@v${latest.version}`] : [])),
    ...models.flatMap(({ name, aliases }) => aliases.map(({ alias }) => `${name}@${alias}`)),
  ];
}

function useJudgeNames(enabled: boolean): readonly string[] {
  const { id, client } = useProject();
  const list = useQuery({
    queryKey: ["callable-models", id],
    enabled,
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
  return list.data?.data.map(({ id: name }) => name) ?? [];
}
