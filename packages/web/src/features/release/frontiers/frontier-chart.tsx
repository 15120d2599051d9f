import { useRef } from "react";
import { useElementSize } from "../../../components/browser/use-element-size.ts";
import { Section } from "../../../components/layout/page.tsx";
import { formatMoneyTick, formatPercent } from "../../../components/text/format.ts";
import { HEIGHT, type Scales, SPACE, scalesOf, ticksOf } from "./frontier-scales.ts";
import type { Frontier, FrontierVariant } from "./use-frontier.ts";

type Point = FrontierVariant & { readonly x: number; readonly y: number };

/** Cost on the x axis and quality on the y axis, with intervals. The line joins the variants on the frontier. */
export function FrontierChart({ frontier }: { frontier: Frontier }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  return (
    <Section title="Cost against quality" description={`Quality: ${frontier.quality}. The line is the frontier.`}>
      <div className="px-4 pb-4">
        <div ref={box} style={{ height: HEIGHT }}>
          {width > 0 && <Drawing frontier={frontier} width={width} />}
        </div>
      </div>
    </Section>
  );
}

/** Drawn in the pixels of the page, so that the labels have the size of other text. */
function Drawing({ frontier, width }: { frontier: Frontier; width: number }) {
  const scales = scalesOf(frontier.variants, width);
  const points = pointsOf(frontier, scales);
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={`Cost and quality of ${points.length} variants. The table below has the numbers.`}
    >
      <Axes scales={scales} isShare={frontier.quality === "success"} />
      <polyline points={lineOf(points)} className="fill-none stroke-accent" strokeDasharray="4 3" />
      {points.map((point) => (
        <Mark key={point.variant} point={point} scales={scales} isBest={point.variant === frontier.cheapestNotWorse} />
      ))}
    </svg>
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

function Axes({ scales: { x, y, cost, quality, width }, isShare }: { scales: Scales; isShare: boolean }) {
  const [bottom, right] = [HEIGHT - SPACE.bottom, width - SPACE.right];
  const levels = ticksOf(quality, HEIGHT / 60).filter((value) => !isShare || value <= 1);
  return (
    <g className="num fill-muted text-xs">
      {levels.map((value) => (
        <g key={value}>
          <path d={`M${SPACE.left} ${y(value)}H${right}`} className="fill-none stroke-line" />
          <text x={SPACE.left - 8} y={y(value) + 4} textAnchor="end">
            {isShare ? formatPercent(value) : value}
          </text>
        </g>
      ))}
      <path d={`M${SPACE.left} ${bottom}H${right}`} className="fill-none stroke-line-strong" />
      {ticksOf(cost, width / 160).map((value) => (
        <text key={value} x={x(value)} y={bottom + 16} textAnchor="middle">
          {formatMoneyTick(value)}
        </text>
      ))}
      <text x={right} y={HEIGHT - 4} textAnchor="end">
        Cost per request
      </text>
    </g>
  );
}

function Mark({ point, scales, isBest }: { point: Point; scales: Scales; isBest: boolean }) {
  const { variant, x, y, cost, quality, isCurrent } = point;
  const look = isBest ? "fill-good stroke-good" : isCurrent ? "fill-accent stroke-accent" : "fill-muted stroke-muted";
  const isRight = x > scales.width * 0.6;
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
        strokeWidth={4}
        className="fill-text stroke-panel text-sm [paint-order:stroke]"
      >
        {variant}
        {isCurrent && variant !== "current" ? " (current)" : ""}
      </text>
    </g>
  );
}
