import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Calibration = Answer<"GET /api/v1/calibrations/:calibrationId">;
export type Report = Calibration["report"];
export type Pair = Answer<"GET /api/v1/calibrations/:calibrationId/pairs">["items"][number];
export type CalibrationBody = RequestFor<"POST /api/v1/calibrations">["body"];

/** The calibrations of a scorer, newest first. */
export function useCalibrations(scorerId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["calibrations", id, scorerId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/calibrations", { query: { scorer: scorerId, limit: 50 }, signal }),
    select: ({ items }) => items,
  });
}

/** The ratings of people and the scorer per answer, largest differences first. */
export function useCalibrationPairs(calibrationId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["calibrations", id, calibrationId, "pairs"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/calibrations/:calibrationId/pairs", {
        params: { calibrationId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** The newest runs with this scorer, for the form. */
export function useScoredRuns(scorerName: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "scored-by", scorerName],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs", { query: { limit: 100 }, signal }),
    select: ({ items }) => items.filter(({ scorers }) => scorers.some(({ name }) => name === scorerName)),
  });
}

export function useCalibrationChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["calibrations"] });
    void cache.invalidateQueries({ queryKey: ["corrections"] });
  };
  return {
    create: useMutation({
      mutationFn: (body: CalibrationBody) => client.call("POST /api/v1/calibrations", { body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (calibrationId: string) =>
        client.call("DELETE /api/v1/calibrations/:calibrationId", { params: { calibrationId } }),
      meta: { failure: "The calibration was not deleted" },
      onSuccess,
    }),
  };
}
