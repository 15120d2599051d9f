import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";

export type RedTeamRun = Answer<"GET /api/v1/red-team-runs/:redTeamRunId">;
export type Report = Answer<"GET /api/v1/red-team-runs/:redTeamRunId/report">;
export type Group = Report["cells"][number];
export type Rate = Group["arms"][number]["attacks"];
export type Attack = Report["examples"][number];
export type Catalogue = Answer<"GET /api/v1/red-team-catalogue">;
export type Plugin = Catalogue["plugins"][number]["plugin"];
export type Strategy = Catalogue["strategies"][number]["strategy"];
export type RunBody = RequestFor<"POST /api/v1/red-team-runs">["body"];

const PACE_MS = 2_000;
const ACTIVE: ReadonlySet<RedTeamRun["state"]> = new Set(["preparing", "queued", "running"]);
export const isActive = ({ state }: Pick<RedTeamRun, "state">): boolean => ACTIVE.has(state);

/** The plugins and strategies. They change with the server's version only. */
export function useCatalogue() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["red-team-catalogue", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/red-team-catalogue", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The project's runs page by page, newest first; active ones are reloaded. */
export function useRedTeamRuns() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["red-team", id, "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/red-team-runs", { query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? PACE_MS : false),
  });
}

export function useRedTeamRun(redTeamRunId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["red-team", id, redTeamRunId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/red-team-runs/:redTeamRunId", { params: { redTeamRunId }, signal }),
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? PACE_MS : false),
  });
}

/** The report of what is answered so far. It is computed again whenever the number of answers changes. */
export function useReport({ redTeamRunId, answers, state }: Pick<RedTeamRun, "redTeamRunId" | "answers" | "state">) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["red-team", id, redTeamRunId, "report", answers, state],
    enabled: answers > 0,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/red-team-runs/:redTeamRunId/report", { params: { redTeamRunId }, signal }),
    placeholderData: keepPreviousData,
  });
}

export type AttackQuery = {
  plugin?: Plugin | undefined;
  strategy?: Strategy | undefined;
  succeededIn?: number | undefined;
};

/** The attacks of a run with their answers, page by page. */
export function useAttacks(
  { redTeamRunId, answers }: Pick<RedTeamRun, "redTeamRunId" | "answers">,
  query: AttackQuery,
) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["red-team", id, redTeamRunId, "attacks", query, answers],
    enabled: answers > 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/red-team-runs/:redTeamRunId/attacks", {
        params: { redTeamRunId },
        query: { limit: 20, cursor, intent: "attack", ...query },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The guard policies that an arm can use; empty without permission. */
export function usePolicies() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["guard-policies", id, "choices"],
    enabled: can("guards:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/guard-policies", { query: { limit: 200 }, signal }),
  });
}

/** Changes of runs. Each one reloads what is shown about runs. */
export function useRedTeamChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["red-team"] });
  return {
    start: useMutation({
      mutationFn: (body: RunBody) => client.call("POST /api/v1/red-team-runs", { body }),
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (redTeamRunId: string) =>
        client.call("POST /api/v1/red-team-runs/:redTeamRunId/cancel", { params: { redTeamRunId } }),
      meta: { failure: "The run was not canceled" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (redTeamRunId: string) =>
        client.call("POST /api/v1/red-team-runs/:redTeamRunId/resume", { params: { redTeamRunId } }),
      meta: { failure: "The run was not resumed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (redTeamRunId: string) =>
        client.call("DELETE /api/v1/red-team-runs/:redTeamRunId", { params: { redTeamRunId } }),
      meta: { failure: "The run was not deleted" },
      onSuccess,
    }),
  };
}

/** Downloads the report. */
export function useExportReport() {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ redTeamRunId, format }: { redTeamRunId: string; format: "markdown" | "json" }) {
      const response = await client.send("GET /api/v1/red-team-runs/:redTeamRunId/export", {
        params: { redTeamRunId },
        query: { format },
      });
      saveBlob(`red-team-${redTeamRunId}.${format === "json" ? "json" : "md"}`, await response.blob());
    },
    meta: { failure: "The file was not created" },
  });
}
