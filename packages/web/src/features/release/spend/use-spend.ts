import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";

export type Spend = Answer<"GET /api/v1/spend">;
export type SpendRow = Spend["groups"][number];
export const GROUP_WORDS = {
  key: "API key",
  user: "User",
  tag: "Tag",
  endpoint: "Endpoint",
  variant: "Variant",
  model: "Model",
  provider: "Provider",
} as const;
export type SpendGroup = keyof typeof GROUP_WORDS;

const REFRESH_MS = 30_000;

export function useSpend(range: RangeSearch, by: SpendGroup) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["spend", id, range, by],
    queryFn: ({ signal }) => client.call("GET /api/v1/spend", { query: { ...resolveRange(range), by }, signal }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}
