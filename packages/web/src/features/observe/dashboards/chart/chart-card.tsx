import { useNavigate } from "@tanstack/react-router";
import type { Chart } from "@treadle/contract";
import { type ReactNode, useMemo, useRef } from "react";
import { explain } from "../../../../api.ts";
import { ChartFrame } from "../../../../components/chart/chart-frame.tsx";
import { StaleNote } from "../../../../components/feedback/stale-note.tsx";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { resolveRange } from "../../../../components/time/time-range.ts";
import { stepFor } from "./chart-question.ts";
import { type Drawing, drawingOf } from "./drawing.tsx";
import { measureLabel, namesOf } from "./measures.ts";
import { listBehind } from "./open-list.ts";
import type { Part } from "./row-values.ts";
import { type ChartAnswer, useChart, type Viewing } from "./use-chart.ts";
import { type Correction, useCorrection } from "./use-correction.ts";
import { useInSight } from "./use-in-sight.ts";

type CardProps = {
  chart: Chart;
  viewing: Viewing;
  onZoom: (from: Date, to: Date) => void;
  /** What a click does where it shall not lead to the spans behind the chart. */
  onOpenInstead?: () => void;
  menu?: ReactNode;
  handle?: ReactNode;
  className?: string;
};

/** The default title of a chart. */
export function titleOf({ title, kind, query }: Chart): string {
  if (title !== "") return title;
  // Over time is what lines are anyway.
  const by = query.dimensions.filter((name) => name !== "time" || kind === "heatmap");
  const measures = query.measures.map(measureLabel).join(", ");
  return by.length > 0 ? `${measures} by ${namesOf(by)}` : measures;
}

/** One chart of a dashboard with its numbers, filling the room that it is given. */
export function ChartCard({ chart, viewing, onZoom, onOpenInstead, menu, handle, className = "" }: CardProps) {
  const box = useRef<HTMLDivElement>(null);
  const isInSight = useInSight(box);
  const answer = useChart(chart, viewing, isInSight);
  const correction = useCorrection(chart, viewing, isInSight);
  const drawing = useDrawing({ chart, viewing, onZoom, onOpenInstead, correction }, answer);
  const isStepLost = chart.query.intervalSeconds !== undefined && !stepFor(chart.query, resolveRange(viewing.range));
  return (
    <div ref={box} className={`flex min-w-0 ${className}`}>
      <ChartFrame
        title={titleOf(chart)}
        legend={
          <>
            {drawing?.legend}
            {isStepLost && drawing && <span>longer time step: the chosen step has too many points</span>}
            {drawing && <StaleNote {...staleOf(answer)} />}
          </>
        }
        {...(drawing?.keys && { keys: drawing.keys })}
        data={drawing?.data}
        {...(drawing?.onOpenRow && { onOpenRow: drawing.onOpenRow })}
        hasTable={chart.kind !== "table"}
        isPicture={chart.kind !== "table"}
        menu={menu}
        handle={handle}
        className={`grow ${answer.metrics.isPlaceholderData ? "*:last:opacity-60" : ""}`}
      >
        {(height) => drawing?.render(height) ?? <NoDrawing answer={answer} />}
      </ChartFrame>
    </div>
  );
}

const staleOf = ({ metrics }: ChartAnswer) => ({
  error: metrics.error,
  loadedAt: metrics.dataUpdatedAt,
  retry: () => void metrics.refetch(),
});

type Drawn = Pick<CardProps, "chart" | "viewing" | "onZoom"> & {
  onOpenInstead: CardProps["onOpenInstead"];
  correction: Correction | undefined;
};

/** Redrawn only when the data or the query change, because a redraw loses the hover state. */
function useDrawing(
  { chart, viewing, onZoom, onOpenInstead, correction }: Drawn,
  { metrics, trend }: ChartAnswer,
): Drawing | undefined {
  const navigate = useNavigate();
  const callbacks = useRef({ onZoom, open: (_part: Part) => {} });
  callbacks.current = {
    onZoom,
    open({ group, isOther = false, measure, time }) {
      const data = metrics.data;
      if (onOpenInstead) return onOpenInstead();
      if (!data) return;
      const named = data.rows.filter((row) => !row.isOther).map((row) => row.group);
      const opened = { group, isOther, named, measure, stepSeconds: data.intervalSeconds };
      const search = listBehind(chart, viewing.frame.filter, {
        ...opened,
        time: time ?? { from: data.from, to: data.to },
      });
      void navigate({ to: "/traces", search });
    },
  };
  const hasRows = metrics.data?.rows.some(({ n }) => n > 0) ?? false;
  const key = JSON.stringify([chart.kind, chart.query, titleOf(chart)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds what of the chart is drawn; callbacks come from the reference.
  return useMemo(
    () =>
      metrics.data && hasRows
        ? drawingOf({
            chart,
            title: titleOf(chart),
            metrics: metrics.data,
            trend: trend.data,
            correction,
            onZoom: (from, to) => callbacks.current.onZoom(from, to),
            onOpen: (part) => callbacks.current.open(part),
          })
        : undefined,
    [metrics.data, trend.data, correction?.label, correction?.value, hasRows, key],
  );
}

/** Why there is no drawing: it is on its way, it failed, or nothing was recorded. */
function NoDrawing({ answer: { metrics, problem } }: { answer: ChartAnswer }) {
  if (problem || metrics.error)
    return (
      <div
        role="alert"
        className="flex h-full flex-col items-center justify-center gap-2 overflow-y-auto px-4 text-center"
      >
        <p className="text-pretty break-words text-muted">
          <span className="font-medium text-bad">{problem ? "Invalid filter" : "Not loaded"}</span>:{" "}
          {problem?.message ?? explain(metrics.error)}
        </p>
        {!problem && (
          <Button size="small" onClick={() => metrics.refetch()}>
            Retry
          </Button>
        )}
      </div>
    );
  if (metrics.data)
    return (
      <div className="flex h-full items-center justify-center px-4 pb-4 text-center text-muted">
        No spans match in this time range
      </div>
    );
  return (
    <div aria-busy className="h-full px-4 pb-4">
      <Skeleton className="h-full w-full" />
    </div>
  );
}
