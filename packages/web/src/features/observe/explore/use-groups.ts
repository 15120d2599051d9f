import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { findProblem, type TraceFilter } from "../filter/index.ts";

export type Metrics = Answer<"POST /api/v1/span-metrics">;
export type Group = Metrics["rows"][number];

type Asked = {
  range: RangeSearch;
  filter: TraceFilter;
  dimensions: readonly string[];
  measures: readonly string[];
  /** The groups that are shown are those with the most of it. */
  sortedBy: string;
  isCompared: boolean;
};

const MOST_GROUPS = 200;

/** The largest groups by the sorted measure, with the previous period on request. */
export function useGroups({ range, filter, dimensions, measures, sortedBy, isCompared }: Asked) {
  const { id, client } = useProject();
  const asked = {
    where: filter,
    dimensions: [...dimensions],
    measures: [sortedBy, ...measures.filter((name) => name !== sortedBy)],
    limit: MOST_GROUPS,
    ...(isCompared && { compare: "previous" as const }),
  };
  return useQuery({
    queryKey: ["groups", id, range, asked],
    enabled: findProblem(filter) === undefined,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/span-metrics", { body: { ...asked, ...resolveRange(range) }, signal }),
    placeholderData: keepPreviousData,
  });
}

export const keyOf = ({ group, isOther }: Group): string => JSON.stringify([group, isOther]);

/** The groups in the order of the table; what is left of the rest always comes last. */
export function sortGroups(rows: readonly Group[], sortedBy: string, isAscending: boolean): readonly Group[] {
  const sign = isAscending ? 1 : -1;
  const measured = ({ values }: Group) => values[sortedBy] ?? Number.NEGATIVE_INFINITY;
  return rows.toSorted((a, b) => {
    if (a.isOther !== b.isOther) return a.isOther ? 1 : -1;
    // Two that were not measured are equal; their difference would be no number.
    return measured(a) === measured(b) ? 0 : sign * (measured(a) - measured(b));
  });
}
