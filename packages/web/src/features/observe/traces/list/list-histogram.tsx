import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { explain } from "../../../../api.ts";
import { NARROW, useMedia } from "../../../../components/browser/media.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { Plot } from "../../../../components/chart/time-plot.tsx";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
} from "../../../../components/text/format.ts";
import type { RangeSearch } from "../../../../components/time/time-range.ts";
import { findProblem, type TraceFilter } from "../../filter/index.ts";
import { type ListTotals, useListMetrics } from "./use-list-metrics.ts";

type HistogramProps = {
  filter: TraceFilter;
  range: RangeSearch;
  /** What one row of the list is. */
  what: "trace" | "span" | "generation";
  /** A drag or a click chose this time. */
  onTime: (from: Date, to: Date) => void;
};

const HEIGHT = 92;

/** What the list holds over its time: how many rows, how many failed, how fast. A drag or a click narrows the time. */
export function ListHistogram({ filter, range, what, onTime }: HistogramProps) {
  // A phone shows rows first; the chart is one tap away.
  const [isFolded, setIsFolded] = useStored("histogram-folded", useMedia(NARROW));
  const { histogram, totals } = useListMetrics({ filter, range }, what === "trace" ? "traces" : "spans");
  const series = useMemo(() => seriesOf(histogram.data, what), [histogram.data, what]);
  if (findProblem(filter)) return null;
  const Fold = isFolded ? ChevronRight : ChevronDown;
  return (
    <section aria-label="Over time" className="border-line border-t px-6 pt-1.5 max-md:px-4">
      <div className="flex items-start gap-x-3 pb-1.5 text-xs">
        <button
          type="button"
          aria-expanded={!isFolded}
          aria-label="Over time"
          onClick={() => setIsFolded(!isFolded)}
          className="-ml-1 mt-px rounded text-muted hover:text-text"
        >
          <Fold aria-hidden size={14} />
        </button>
        {totals.data ? (
          <Numbers totals={totals.data} what={what} />
        ) : totals.error ? (
          <span role="alert" title={explain(totals.error)} className="text-bad">
            The totals could not be loaded.
          </span>
        ) : (
          <Skeleton className="h-4 w-72" />
        )}
      </div>
      {!isFolded && series && histogram.data && histogram.data.times.length > 0 && (
        <div className={`-mx-2 transition-opacity duration-150 ${histogram.isPlaceholderData ? "opacity-60" : ""}`}>
          <Plot
            times={histogram.data.times}
            bucketSeconds={histogram.data.stepSeconds}
            series={series}
            format={formatCount}
            formatTick={formatCompact}
            height={HEIGHT}
            isCount
            onZoom={onTime}
            onOpen={onTime}
          />
        </div>
      )}
      {!isFolded && !series && (
        <div style={{ height: HEIGHT }} className="mb-2">
          {histogram.isPending && <Skeleton className="h-full w-full" />}
        </div>
      )}
    </section>
  );
}

function seriesOf(data: ReturnType<typeof useListMetrics>["histogram"]["data"], what: string) {
  if (!data) return undefined;
  const label = `${what[0]?.toUpperCase()}${what.slice(1)}s`;
  return [
    { label, color: "--series-6", kind: "bars", values: data.all },
    {
      label: what === "trace" ? "With a failed span" : "Failed",
      color: "--series-5",
      kind: "bars",
      values: data.failed,
    },
  ] as const;
}

/** All numbers are of the rows below: whole traces, or the single spans. The labels say which. */
function Numbers({ totals, what }: { totals: ListTotals; what: HistogramProps["what"] }) {
  const { rows, failed, spans } = totals;
  const failedLabel = what === "trace" ? "with a failed span" : `failed ${plural(what, failed)}`;
  return (
    <dl className="num flex min-w-0 grow flex-wrap items-center gap-x-4 gap-y-0.5">
      <Fact isUnit label={plural(what, rows)} value={formatCount(rows)} />
      {spans !== undefined && rows > 0 && <Fact isUnit label={plural("span", spans)} value={formatCount(spans)} />}
      <Fact
        isUnit
        label={failedLabel}
        value={formatCount(failed)}
        note={rows > 0 && failed > 0 ? formatPercent(failed / rows) : undefined}
        isBad={failed > 0}
      />
      {rows > 0 && (
        <>
          <Fact label={`${what} duration p50`} value={formatDuration(totals.p50)} />
          <Fact isExtra label="p90" value={formatDuration(totals.p90)} />
          <Fact label="p95" value={formatDuration(totals.p95)} />
          <Fact isExtra label="p99" value={formatDuration(totals.p99)} />
          <Fact label="cost" value={formatMoney(totals.costUsd)} />
          <Fact isUnit label="tokens" value={formatCompact(totals.tokens)} />
        </>
      )}
    </dl>
  );
}

const plural = (word: string, count: number) => (count === 1 ? word : `${word}s`);

function Fact({
  label,
  value,
  note,
  isUnit = false,
  isBad = false,
  isExtra = false,
}: {
  label: string;
  value: string;
  note?: string | undefined;
  /** The label reads behind the value, as in `12 spans`. */
  isUnit?: boolean;
  isBad?: boolean;
  /** Left out on a phone. */
  isExtra?: boolean;
}) {
  return (
    <div className={`flex items-baseline gap-1 whitespace-nowrap ${isExtra ? "max-md:hidden" : ""}`}>
      <dt className={`text-muted ${isUnit ? "order-2" : ""}`}>
        {label}
        {note && ` (${note})`}
      </dt>
      <dd className={`font-medium ${isBad ? "text-bad" : ""}`}>{value}</dd>
    </div>
  );
}
