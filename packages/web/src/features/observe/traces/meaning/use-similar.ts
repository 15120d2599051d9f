import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Answer, isPassing } from "../../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import { findProblem, type TraceFilter } from "../../filter/index.ts";

type Found = Answer<"POST /api/v1/spans/similar">["items"][number];
/** A span as lists have it, with how near it came: 1 is the same, 0 has nothing in common. */
export type SimilarSpan = Found["span"] & Pick<Found, "similarity">;

/** The API gives at most this many. */
const MOST_FOUND = 100;
const TRIES = 4;

type Asked = { text: string; among: number; filter: TraceFilter; range: RangeSearch };

/** The spans nearest in meaning to a text. Repeating a request continues after a timeout. */
export function useSimilar({ text, among, filter, range }: Asked) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["similar-spans", id, text, among, filter, range],
    enabled: findProblem(filter) === undefined && can("traces:read") && can("traces:content"),
    queryFn: async ({ signal }) => {
      const body = { text, candidates: among, limit: MOST_FOUND, ...filter, ...resolveRange(range) };
      const { items, ...rest } = await client.call("POST /api/v1/spans/similar", { body, signal });
      return { ...rest, rows: items.map(({ span, similarity }): SimilarSpan => ({ ...span, similarity })) };
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    // A model that has no room yet gets it when another one is done.
    retry: (failures, error) => failures < TRIES && isPassing(error),
    retryDelay: (failures) => 1_000 * 2 ** failures,
  });
}

/** How many spans a filter and a time keep. */
export function useSpanCount({ filter, range }: Pick<Asked, "filter" | "range">) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["span-count", id, range, filter],
    enabled: findProblem(filter) === undefined,
    queryFn: async ({ signal }) => {
      const body = { ...resolveRange(range), where: filter, measures: ["count"], dimensions: [] };
      return (await client.call("POST /api/v1/span-metrics", { body, signal })).rows[0]?.values.count ?? 0;
    },
    refetchInterval: isRelative(range) && 30_000,
  });
}

/** The state of the bundled embedding model, polled while a search waits for it. */
export function useEmbeddingModel(isWaiting: boolean) {
  const { id, client, can } = useProject();
  const models = useQuery({
    queryKey: ["models", id],
    enabled: isWaiting && can("models:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/models", { signal }),
    staleTime: 0,
    refetchInterval: 1_000,
  });
  return models.data?.items.find(({ kind, format }) => kind === "embedding" && format === "builtin")?.state;
}
