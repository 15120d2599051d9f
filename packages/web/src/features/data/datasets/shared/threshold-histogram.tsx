import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { formatCompact, formatCount } from "../../../../components/text/format.ts";

type Bin = { readonly from: number; readonly to: number; readonly count: number };
type HistogramProps = {
  label: string;
  /** The number of rows in each bin; all bins are equally wide. */
  counts: readonly number[];
  from: number;
  to: number;
  /** The step's threshold; undefined for a step without one. */
  threshold?: number | undefined;
  /** The side of the threshold that is removed. */
  removes?: "below" | "above" | undefined;
  /** Called with the new threshold when the mark is moved. */
  onThreshold?: ((value: number) => void) | undefined;
};

const HEIGHT = 132;
const TOP = 16;
/** The minimum bar width, for when all values are equal. */
const BAR = 2;
const FOOT = 20;

/** A histogram with a draggable threshold. */
export function ThresholdHistogram({ label, threshold, removes, onThreshold, ...range }: HistogramProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const bins = binsOf(range);
  const least = Math.min(range.from, threshold ?? range.from);
  const most = Math.max(range.to, threshold ?? range.to);
  const span = most - least || 1;
  const highest = Math.max(1, ...bins.map(({ count }) => count));
  const x = (value: number) => ((value - least) / span) * width;
  const isGone = (bin: Bin) =>
    threshold !== undefined &&
    removes !== undefined &&
    (removes === "below" ? bin.to <= threshold : bin.from >= threshold);
  return (
    <div ref={box} className="relative select-none" style={{ height: HEIGHT }}>
      {width > 0 && (
        <svg role="img" aria-label={`${label}: ${wordsFor(bins)}`} width={width} height={HEIGHT} className="block">
          {bins.map((bin) => {
            const height = Math.max(bin.count > 0 ? 1.5 : 0, (bin.count / highest) * (HEIGHT - TOP - FOOT));
            return (
              <rect
                key={bin.from}
                x={Math.min(x(bin.from), width - BAR)}
                y={HEIGHT - FOOT - height}
                width={Math.max(BAR, x(bin.to) - x(bin.from) - 1)}
                height={height}
                style={{ fill: `var(${isGone(bin) ? "--series-5" : "--series-1"})`, opacity: isGone(bin) ? 0.75 : 1 }}
              >
                <title>{`${shortNumber(bin.from)} to ${shortNumber(bin.to)}: ${formatCount(bin.count)}`}</title>
              </rect>
            );
          })}
          <line x2={width} y1={HEIGHT - FOOT + 0.5} y2={HEIGHT - FOOT + 0.5} className="stroke-line-strong" />
          <text y={HEIGHT - 5} className="num fill-muted text-xs">
            {shortNumber(least)}
          </text>
          <text x={width} y={HEIGHT - 5} textAnchor="end" className="num fill-muted text-xs">
            {shortNumber(most)}
          </text>
        </svg>
      )}
      {width > 0 && threshold !== undefined && (
        <Mark
          threshold={threshold}
          least={least}
          most={most}
          width={width}
          label={label}
          onThreshold={onThreshold}
          left={x(threshold)}
        />
      )}
    </div>
  );
}

const binsOf = ({ counts, from, to }: Pick<HistogramProps, "counts" | "from" | "to">): readonly Bin[] =>
  counts.map((count, place) => ({
    from: from + ((to - from) * place) / counts.length,
    to: from + ((to - from) * (place + 1)) / counts.length,
    count,
  }));

type MarkProps = {
  threshold: number;
  least: number;
  most: number;
  width: number;
  left: number;
  label: string;
  onThreshold: ((value: number) => void) | undefined;
};

/** Moves with the pointer, or by 1% of the range with the arrow keys. */
function Mark({ threshold, least, most, width, left, label, onThreshold }: MarkProps) {
  const step = (most - least) / 100;
  const round = (value: number) => Number(Math.min(most, Math.max(least, value)).toPrecision(4));
  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const bounds = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!bounds || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onThreshold?.(round(least + ((event.clientX - bounds.left) / width) * (most - least)));
  }
  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -step : event.key === "ArrowRight" ? step : 0;
    if (by === 0) return;
    event.preventDefault();
    onThreshold?.(round(threshold + by));
  }
  return (
    <div
      role="slider"
      aria-label={`Threshold of ${label}`}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={threshold}
      aria-disabled={!onThreshold || undefined}
      tabIndex={0}
      onPointerDown={(event) => onThreshold && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className={`absolute top-0 -ml-2 w-4 touch-none ${onThreshold ? "cursor-ew-resize" : ""}`}
      style={{ left, height: HEIGHT - FOOT }}
    >
      <span aria-hidden className="absolute inset-y-0 left-1/2 w-px bg-text" />
      <span
        aria-hidden
        className={`num absolute top-0 rounded bg-text px-1 text-xs text-bg ${left > width - 60 ? "right-1/2" : "left-1/2"}`}
      >
        {shortNumber(threshold)}
      </span>
    </div>
  );
}

/** Four digits, or a compact form for thousands. */
const shortNumber = (value: number): string =>
  Math.abs(value) >= 10_000 ? formatCompact(value) : String(Number(value.toPrecision(4)));

function wordsFor(bins: readonly Bin[]): string {
  const [first] = bins;
  if (!first) return "no rows";
  const most = bins.reduce((best, bin) => (bin.count > best.count ? bin : best), first);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return `${formatCount(total)} rows, most of them from ${shortNumber(most.from)} to ${shortNumber(most.to)}`;
}
