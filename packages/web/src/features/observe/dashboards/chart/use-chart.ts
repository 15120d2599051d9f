import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Chart } from "@treadle/contract";
import { type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import { findProblem } from "../../filter/index.ts";
import { type Frame, type Question, questionOf, trendOf } from "./chart-question.ts";

/** The page settings for all charts. */
export type Viewing = {
  readonly range: RangeSearch;
  readonly frame: Frame;
  /** Seconds between two looks; undefined for none. */
  readonly refresh: number | undefined;
};

/** The numbers of a chart, and for a single one its course. A chart out of sight asks for nothing. */
export function useChart(chart: Chart, { range, frame, refresh }: Viewing, isInSight: boolean) {
  const { id, client } = useProject();
  const problem = findProblem(chart.query.where) ?? findProblem(frame);
  const { kind, query } = chart;
  const ask = (toAsk: (question: Question) => Question, signal: AbortSignal) => {
    const body = toAsk(questionOf(chart, resolveRange(range), frame));
    return client.call("POST /api/v1/span-metrics", { body, signal });
  };
  const shared = {
    enabled: isInSight && problem === undefined,
    placeholderData: keepPreviousData,
    refetchInterval: refresh !== undefined && refresh * 1000,
  };
  const metrics = useQuery({
    ...shared,
    queryKey: ["chart", id, range, frame, kind, query],
    queryFn: ({ signal }) => ask((question) => question, signal),
  });
  const trend = useQuery({
    ...shared,
    enabled: shared.enabled && kind === "number",
    queryKey: ["chart-trend", id, range, frame.filter, query],
    queryFn: ({ signal }) => ask(trendOf, signal),
  });
  return { metrics, trend, problem };
}
export type ChartAnswer = ReturnType<typeof useChart>;
