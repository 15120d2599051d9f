import { useQuery } from "@tanstack/react-query";
import { useProject } from "../../system/session/index.ts";

export type MonitorChoice = { readonly monitorId: string; readonly name: string };

/** The monitors to choose from; empty without permission. */
export function useMonitorChoices() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["monitors", id, "choices"],
    enabled: can("monitors:read"),
    queryFn: async (): Promise<readonly MonitorChoice[]> => {
      const response = await client.request("GET", "/api/v1/monitors?limit=200");
      const { items } = (await response.json()) as { items: readonly MonitorChoice[] };
      return items;
    },
    retry: false,
  });
}
