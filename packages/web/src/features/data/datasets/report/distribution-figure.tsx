import type { Distribution } from "@treadle/contract";
import { formatCompact } from "../../../../components/text/format.ts";
import { ThresholdHistogram } from "../shared/threshold-histogram.tsx";

const FACTS = ["min", "median", "mean", "p95", "max"] as const;

type FigureProps = { label: string; distribution: Distribution /** A numeric distribution. */; isShort?: boolean };

/** A numeric distribution: five statistics as text, and a histogram. */
export function DistributionFigure({ label, distribution, isShort = false }: FigureProps) {
  if (distribution.count === 0) return null;
  const { from, to, counts } = distribution.histogram;
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap justify-between gap-x-3 text-xs text-muted">
        <span>{label}</span>
        <span className="num flex flex-wrap gap-x-2.5">
          {FACTS.map((name) => (
            <span key={name}>
              {name} <span className="text-text">{short(distribution[name])}</span>
            </span>
          ))}
        </span>
      </figcaption>
      {!isShort && counts.length > 1 && <ThresholdHistogram label={label} counts={counts} from={from} to={to} />}
    </figure>
  );
}

const short = (value: number) =>
  Math.abs(value) >= 10_000 ? formatCompact(value) : String(Number(value.toPrecision(3)));
