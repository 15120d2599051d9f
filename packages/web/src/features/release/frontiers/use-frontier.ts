import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Frontier = Answer<"GET /api/v1/endpoints/:endpointId/frontier">;
export type FrontierVariant = Frontier["variants"][number];
export type FrontierSearch = {
  endpoint?: string | undefined;
  quality?: string | undefined;
  direction?: "lower" | undefined;
  margin?: number | undefined;
  days?: number | undefined;
};

export function useFrontier(endpointId: string | undefined, { quality, direction, margin, days }: FrontierSearch) {
  const { id, client } = useProject();
  const query = { quality, direction, margin, days };
  return useQuery({
    queryKey: ["frontier", id, endpointId, query],
    enabled: endpointId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/endpoints/:endpointId/frontier", {
        params: { endpointId: endpointId ?? "" },
        query,
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
