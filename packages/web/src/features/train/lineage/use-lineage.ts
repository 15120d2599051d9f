import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";
import type { LineageStart } from "./lineage-search.ts";

export type Lineage = Answer<"GET /api/v1/lineage/versions/:name/:version">;
export type Step = Lineage["steps"][number];
export type Target = NonNullable<Step["target"]>;
export type Row = Answer<"GET /api/v1/lineage/training-runs/:trainingRunId/rows">["items"][number];

/** The lineage graph around the object that an address names. */
export function useLineage(start: LineageStart | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["lineage", id, start],
    enabled: start !== undefined,
    queryFn: ({ signal }): Promise<Lineage> => {
      if (!start) throw new Error("nothing to start from");
      switch (start.kind) {
        case "answer":
          return client.call("GET /api/v1/lineage/answers/:traceId/:spanId", { params: start, signal });
        case "version":
          return client.call("GET /api/v1/lineage/versions/:name/:version", { params: start, signal });
        case "run":
          return client.call("GET /api/v1/lineage/training-runs/:trainingRunId", { params: start, signal });
        case "dataset":
          return client.call("GET /api/v1/lineage/datasets/:datasetId", {
            params: start,
            query: { at: start.at },
            signal,
          });
        case "row":
          return client.call("GET /api/v1/lineage/datasets/:datasetId/items/:itemId", {
            params: start,
            query: { at: start.at },
            signal,
          });
      }
    },
  });
}

/** The rows that a run used from one of its datasets, page by page. */
export function useRunRows(trainingRunId: string, source: number) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["lineage", id, "rows", trainingRunId, source],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/lineage/training-runs/:trainingRunId/rows", {
        params: { trainingRunId },
        query: { limit: 50, cursor, source },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The datasets of a run, by the names in its configuration. */
export function useSourceNames(trainingRunId: string) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["lineage", id, "sources", trainingRunId],
    enabled: can("training:read"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId }, signal }),
    select: ({ data }) => data?.sources.map(({ ref }) => ref) ?? [],
  });
}
