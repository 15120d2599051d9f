import { Section } from "../../../components/layout/page.tsx";
import { formatMoney, formatPercent } from "../../../components/text/format.ts";
import type { Frontier, FrontierVariant } from "./use-frontier.ts";

const [WIDTH, HEIGHT] = [640, 320];
const SPACE = { left: 64, right: 24, top: 16, bottom: 40 };

type Point = FrontierVariant & { readonly x: number; readonly y: number };

/** Cost on the x axis and quality on the y axis, with intervals. The line joins the variants on the frontier. */
export function FrontierChart({ frontier }: { frontier: Frontier }) {
  const scales = scalesOf(frontier.variants);
  const points = pointsOf(frontier, scales);
  const showQuality = (value: number) =>
    frontier.quality === "success" ? formatPercent(value) : String(Number(value.toPrecision(3)));
  return (
    <Section title="Cost against quality" description={`Quality: ${frontier.quality}. The line is the frontier.`}>
      <div className="overflow-x-auto px-4 pb-4">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`Cost and quality of ${points.length} variants. The table below has the numbers.`}
          className="w-full min-w-80 max-w-3xl"
        >
          <Axes scales={scales} showQuality={showQuality} />
          <polyline points={lineOf(points)} className="fill-none stroke-accent" strokeDasharray="4 3" />
          {points.map((point) => (
            <Mark
              key={point.variant}
              point={point}
              scales={scales}
              isBest={point.variant === frontier.cheapestNotWorse}
            />
          ))}
        </svg>
      </div>
    </Section>
  );
}

const pointsOf = ({ variants }: Frontier, { x, y }: Scales): Point[] =>
  variants.flatMap((one) =>
    one.cost.mean === null || one.quality.mean === null
      ? []
      : [{ ...one, x: x(one.cost.mean), y: y(one.quality.mean) }],
  );

const lineOf = (points: readonly Point[]): string =>
  points
    .filter(({ isOnFrontier }) => isOnFrontier)
    .toSorted((one, other) => one.x - other.x)
    .map(({ x, y }) => `${x},${y}`)
    .join(" ");

type Range = readonly [low: number, high: number];
type Scales = {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly cost: Range;
  readonly quality: Range;
};

function scalesOf(variants: readonly FrontierVariant[]): Scales {
  const cost = rangeOf(variants.map((one) => one.cost));
  const quality = rangeOf(variants.map((one) => one.quality));
  const place = (value: number, [low, high]: Range) => Math.max(0, Math.min(1, (value - low) / (high - low)));
  return {
    cost,
    quality,
    x: (value) => SPACE.left + place(value, cost) * (WIDTH - SPACE.left - SPACE.right),
    y: (value) => HEIGHT - SPACE.bottom - place(value, quality) * (HEIGHT - SPACE.top - SPACE.bottom),
  };
}

/** From the lowest to the highest number that is drawn, with some space. */
function rangeOf(estimates: readonly FrontierVariant["cost"][]): Range {
  const all = estimates.flatMap(({ mean, lowerBound, upperBound }) =>
    [mean, lowerBound, upperBound].filter((value) => value !== null),
  );
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const space = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - space, high + space];
}

function Axes({
  scales: { x, y, cost, quality },
  showQuality,
}: {
  scales: Scales;
  showQuality: (value: number) => string;
}) {
  const ticks = ([low, high]: Range) => [0.1, 0.5, 0.9].map((part) => low + part * (high - low));
  const [bottom, right] = [HEIGHT - SPACE.bottom, WIDTH - SPACE.right];
  return (
    <g className="fill-muted text-xs">
      <path d={`M${SPACE.left} ${SPACE.top}V${bottom}H${right}`} className="fill-none stroke-line" />
      {ticks(cost).map((value) => (
        <text key={value} x={x(value)} y={bottom + 16} textAnchor="middle">
          {formatMoney(value)}
        </text>
      ))}
      {ticks(quality).map((value) => (
        <text key={value} x={SPACE.left - 6} y={y(value) + 4} textAnchor="end">
          {showQuality(value)}
        </text>
      ))}
      <text x={right} y={HEIGHT - 6} textAnchor="end">
        cost per request
      </text>
    </g>
  );
}

function Mark({ point, scales, isBest }: { point: Point; scales: Scales; isBest: boolean }) {
  const { variant, x, y, cost, quality, isCurrent } = point;
  const look = isBest ? "fill-good stroke-good" : isCurrent ? "fill-accent stroke-accent" : "fill-muted stroke-muted";
  const isRight = x > WIDTH * 0.7;
  return (
    <g className={look}>
      {cost.lowerBound !== null && cost.upperBound !== null && (
        <line x1={scales.x(cost.lowerBound)} x2={scales.x(cost.upperBound)} y1={y} y2={y} opacity={0.6} />
      )}
      {quality.lowerBound !== null && quality.upperBound !== null && (
        <line x1={x} x2={x} y1={scales.y(quality.lowerBound)} y2={scales.y(quality.upperBound)} opacity={0.6} />
      )}
      <circle cx={x} cy={y} r={5} />
      <text
        x={isRight ? x - 9 : x + 9}
        y={y - 8}
        textAnchor={isRight ? "end" : "start"}
        className="fill-text stroke-none text-sm"
      >
        {variant}
        {isCurrent ? " (current)" : ""}
      </text>
    </g>
  );
}
