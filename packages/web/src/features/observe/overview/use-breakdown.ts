import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { isRelative, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { addCondition, findProblem } from "../filter/index.ts";
import type { Breakdown } from "./overview-search.ts";
import { type Looked, REFRESH_MS } from "./use-overview.ts";

export type BreakdownRow = Answer<"POST /api/v1/span-metrics">["rows"][number];

/** The population of the overview: calls of models, without the tools and steps around them. */
export const CALLS = "kind:generation,embedding";
const MOST_GROUPS = 20;

/** Requests and their cost by users, tags, endpoints or prompts: those that cost the most, and all others together. */
export function useBreakdown(by: Breakdown, { range, filter, isCompared }: Looked) {
  const { id, client } = useProject();
  const asked = {
    where: { filter: addCondition(filter.filter ?? "", CALLS) },
    dimensions: [by],
    measures: ["costUsd", "requests", "errors", "latencyP50Ms", "latencyP95Ms", "inputTokens", "outputTokens"],
    limit: MOST_GROUPS,
    ...(isCompared && { compare: "previous" as const }),
  };
  return useQuery({
    queryKey: ["overview-breakdown", id, range, asked],
    enabled: by !== "model" && findProblem(filter) === undefined,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/span-metrics", { body: { ...asked, ...resolveRange(range) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isRelative(range) && REFRESH_MS,
  });
}
