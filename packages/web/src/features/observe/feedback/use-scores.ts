import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type ScoreConfig = Answer<"GET /api/v1/score-configs">["items"][number];
type Settings = Answer<"GET /api/v1/feedback-settings">;
type NewConfig = RequestFor<"POST /api/v1/score-configs">["body"];
type ConfigChange = RequestFor<"PATCH /api/v1/score-configs/:scoreConfigId">["body"];

const AT_ONCE = 100;

/** Score configurations by name. */
export function useScoreConfigs({ search, archived }: { search: string; archived: boolean }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["score-configs", id, search, archived],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { limit: AT_ONCE, cursor, search: search || undefined, archived: archived ? "true" : undefined };
      return client.call("GET /api/v1/score-configs", { query, signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The feedback settings of the project. */
export function useSettings() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["feedback-settings", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/feedback-settings", { signal }),
  });
}

/** Changes to score configurations and settings; both are refetched afterwards. */
export function useScoreChanges() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["score-configs"] });
  return {
    create: useMutation({
      mutationFn: (body: NewConfig) => client.call("POST /api/v1/score-configs", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ scoreConfigId, body }: { scoreConfigId: string; body: ConfigChange }) =>
        client.call("PATCH /api/v1/score-configs/:scoreConfigId", { params: { scoreConfigId }, body }),
      meta: { failure: "The score was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (scoreConfigId: string) =>
        client.call("DELETE /api/v1/score-configs/:scoreConfigId", { params: { scoreConfigId } }),
      meta: { failure: "The score was not deleted" },
      onSuccess,
    }),
    saveSettings: useMutation({
      mutationFn: (body: Settings) => client.call("PUT /api/v1/feedback-settings", { body }),
      meta: { failure: "The setting was not saved" },
      onSuccess: (settings) => cache.setQueryData(["feedback-settings", id], settings),
    }),
  };
}
