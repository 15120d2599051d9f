import { keepPreviousData, useQueries } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../api.ts";
import { useProject } from "../session/index.ts";

export type ScoreRate = Answer<"POST /api/v1/score-rates">;
export type RateAsked = Pick<RequestFor<"POST /api/v1/score-rates">["body"], "score" | "where">;

const STALE_MS = 60_000;

type Times = { readonly from: Date; readonly to: Date };
type Asking = {
  /** Worked out anew each time it is asked for, since a range such as the last seven days moves on. */
  readonly times: () => Times;
  /** Stands for the range. */
  readonly key: unknown;
  readonly isEnabled?: boolean;
  /** Milliseconds between two looks; false for none. */
  readonly refetchInterval?: number | false;
};

/** Judged means over spans, each beside what it is once the judge's errors are taken out. */
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
