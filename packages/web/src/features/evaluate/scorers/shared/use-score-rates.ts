import { keepPreviousData, useQueries } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type ScoreRate = Answer<"POST /api/v1/score-rates">;
export type RateAsked = Pick<RequestFor<"POST /api/v1/score-rates">["body"], "score" | "where">;

const STALE_MS = 60_000;

type Times = { readonly from: Date; readonly to: Date };
type Asking = {
  /** Computed on each request, because a range such as the last seven days moves. */
  readonly times: () => Times;
  /** Identifies the range in the cache. */
  readonly key: unknown;
  readonly isEnabled?: boolean;
  /** The polling interval in milliseconds; false for none. */
  readonly refetchInterval?: number | false;
};

/** Judge score means over spans, uncorrected and corrected. */
export function useScoreRates(
  asked: readonly RateAsked[],
  { times, key, isEnabled = true, refetchInterval = false }: Asking,
) {
  const { id, client } = useProject();
  return useQueries({
    queries: asked.map((one) => ({
      queryKey: ["corrections", id, "spans", one, key],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const { from, to } = times();
        const body = { ...one, from: from.toISOString(), to: to.toISOString() };
        return client.call("POST /api/v1/score-rates", { body, signal });
      },
      staleTime: STALE_MS,
      placeholderData: keepPreviousData,
      enabled: isEnabled,
      refetchInterval,
    })),
  });
}
