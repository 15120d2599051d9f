import { type Change, FEW } from "../text/change.ts";
import { Sparkline } from "./sparkline.tsx";

type TileProps = {
  value: string;
  /** The unit or the noun. */
  unit?: string;
  change?: Change | null;
  /** The previous value as text, for the tooltip of the change. */
  before?: string;
  /** The number of spans behind the value, for measures that need enough spans. */
  n?: number;
  /** More numbers of the same chart. */
  others?: readonly { label: string; value: string; title?: string }[];
  /** The same number step by step. */
  trend?: readonly (number | null)[];
  height: number;
  onOpen?: () => void;
};

/** One number with its change from the previous period and its trend. */
export function NumberTile({ value, unit, change, before, n, others = [], trend, height, onOpen }: TileProps) {
  // The numbers matter more than the trend.
  const hasRoom = height >= (others.length > 0 ? 140 : 90);
  const isFew = n !== undefined && n > 0 && n < FEW;
  return (
    <div className="flex flex-col overflow-hidden px-4 pb-3" style={{ height }}>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <button
          type="button"
          disabled={!onOpen}
          onClick={onOpen}
          className="num text-2xl font-semibold tracking-tight enabled:hover:underline enabled:hover:decoration-line-strong enabled:hover:underline-offset-4 disabled:cursor-default"
        >
          {value}
        </button>
        {unit && <span className="text-xs text-muted">{unit}</span>}
      </div>
      <p className="num flex min-h-5 flex-wrap gap-x-2 text-xs text-muted">
        {isFew ? (
          <span>only {n} spans: too few to compare</span>
        ) : (
          change && (
            <span
              title={before}
              className={change.verdict === "worse" ? "text-bad" : change.verdict ? "text-good" : ""}
            >
              <span aria-hidden>{change.text}</span>
              <span className="sr-only">{change.words} than before</span>
              {change.verdict && ` ${change.verdict}`}
            </span>
          )
        )}
        {others.map((other) => (
          <span key={other.label} title={other.title}>
            {other.label} <span className="text-text">{other.value}</span>
          </span>
        ))}
      </p>
      {hasRoom && trend && trend.length > 1 && <Sparkline values={trend} />}
    </div>
  );
}
