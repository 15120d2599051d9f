import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Schedule = Answer<"GET /api/v1/live-scoring/:ruleId/schedule">;
export type Period = Answer<"GET /api/v1/live-scoring/:ruleId/periods">["items"][number];
type NewSchedule = RequestFor<"PUT /api/v1/live-scoring/:ruleId/schedule">["body"];

const PERIODS_AT_ONCE = 60;
/** Runs are scored while the dialog is open. */
const REFRESH_MS = 10_000;

export function useSchedule(ruleId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const current = useQuery({
    queryKey: ["live-schedule", id, ruleId],
    queryFn: ({ signal }) => client.call("GET /api/v1/live-scoring/:ruleId/schedule", { params: { ruleId }, signal }),
    refetchInterval: REFRESH_MS,
  });
  const save = useMutation({
    mutationFn: (body: NewSchedule) =>
      client.call("PUT /api/v1/live-scoring/:ruleId/schedule", { params: { ruleId }, body }),
    onSuccess: (schedule) => cache.setQueryData(["live-schedule", id, ruleId], schedule),
  });
  return { current, save };
}

/** The periods of a rule's schedule, newest first. */
export function usePeriods(ruleId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["live-periods", id, ruleId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/live-scoring/:ruleId/periods", {
        params: { ruleId },
        query: { limit: PERIODS_AT_ONCE, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
