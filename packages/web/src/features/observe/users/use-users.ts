import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { type TraceFilter, usePages, writeValue } from "../filter/index.ts";

export type UserSummary = Answer<"GET /api/v1/users">["items"][number];
export type Values = Readonly<Record<string, number | null>>;

const SHOWN = 20;
const TOTALS = ["requests", "traces", "sessions", "errors", "totalTokens", "costUsd"];
/** Latencies are of model calls, not of tools and other steps. */
const CALLS = { filter: "kind:generation,embedding" };

/** Users page by page, the last active first. */
export function useUsers(asked: { range: RangeSearch; filter: TraceFilter }) {
  const { client } = useProject();
  return usePages(["users"], {
    ...asked,
    load: (query, signal) => client.call("GET /api/v1/users", { query, signal }),
  });
}

/** The condition that spans which name this user fulfil. */
export const filterOf = (userId: string): { filter: string } => ({ filter: `user:${writeValue(userId)}` });

/** What one user did in this time: all together, over time, by model, and the sessions and traces that came last. */
export function useUserActivity(userId: string, range: RangeSearch) {
  const { id, client } = useProject();
  const where = filterOf(userId);
  const shared = { placeholderData: keepPreviousData, refetchInterval: isRelative(range) && (30_000 as const) };
  const measure = (query: { measures: string[]; dimensions: string[]; where?: TraceFilter }, signal: AbortSignal) =>
    client.call("POST /api/v1/span-metrics", { body: { ...resolveRange(range), user: userId, ...query }, signal });
  const query = () => ({ ...where, ...resolveRange(range), limit: SHOWN });
  return {
    totals: useQuery({
      ...shared,
      queryKey: ["user-totals", id, userId, range],
      queryFn: async ({ signal }): Promise<Values> => {
        const latencies = ["latencyP50Ms", "latencyP95Ms"];
        const [all, calls] = await Promise.all([
          measure({ measures: TOTALS, dimensions: [] }, signal),
          measure({ measures: latencies, dimensions: [], where: CALLS }, signal),
        ]);
        return { ...all.rows[0]?.values, ...calls.rows[0]?.values };
      },
    }),
    overTime: useQuery({
      ...shared,
      queryKey: ["user-time", id, userId, range],
      queryFn: ({ signal }) => measure({ measures: ["requests", "errors", "costUsd"], dimensions: ["time"] }, signal),
    }),
    models: useQuery({
      ...shared,
      queryKey: ["user-models", id, userId, range],
      queryFn: ({ signal }) =>
        measure(
          {
            measures: ["requests", "errors", "totalTokens", "costUsd", "latencyP50Ms"],
            dimensions: ["model"],
            where: CALLS,
          },
          signal,
        ),
    }),
    sessions: useQuery({
      ...shared,
      queryKey: ["user-sessions", id, userId, range],
      queryFn: ({ signal }) => client.call("GET /api/v1/sessions", { query: query(), signal }),
    }),
    traces: useQuery({
      ...shared,
      queryKey: ["user-traces", id, userId, range],
      queryFn: ({ signal }) => client.call("GET /api/v1/traces", { query: query(), signal }),
    }),
  };
}
export type UserActivity = ReturnType<typeof useUserActivity>;
