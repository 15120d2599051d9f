import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Bisect = Answer<"GET /api/v1/bisects/:bisectId">;
export type Finding = Bisect["findings"][number];

const PACE_MS = 1_500;
const isOn = ({ status }: Pick<Bisect, "status">) => status === "queued" || status === "running";

export function useBisect(bisectId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["bisects", id, bisectId],
    queryFn: ({ signal }) => client.call("GET /api/v1/bisects/:bisectId", { params: { bisectId }, signal }),
    refetchInterval: ({ state }) => (state.data && isOn(state.data) ? PACE_MS : false),
  });
}

export function useBisectChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["bisects"] });
  return {
    start: useMutation({
      mutationFn: (body: { good: string; bad: string; scorer: string }) =>
        client.call("POST /api/v1/bisects", { body }),
      meta: { failure: "The search was not started" },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (bisectId: string) => client.call("POST /api/v1/bisects/:bisectId/cancel", { params: { bisectId } }),
      meta: { failure: "The search was not canceled" },
      onSuccess,
    }),
  };
}
