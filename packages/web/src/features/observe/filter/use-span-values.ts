import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { FilterField } from "@treadle/contract";
import { type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";

/** The values a field takes in this time, most frequent first, for completion. No request is sent without a field. */
export function useSpanValues(field: FilterField["values"], range: RangeSearch, prefix: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["span-values", id, field, range, prefix],
    enabled: field !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/span-values", {
        query: { field: field ?? "model", ...resolveRange(range), prefix: prefix || undefined },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
