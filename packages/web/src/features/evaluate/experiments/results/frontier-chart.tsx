import { useRef } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { formatDuration, formatShortMoney } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Frontier } from "../shared/use-runs.ts";
import { isTied, type Output } from "../shared/words.ts";
import { placeLabels, scaleOf, ticksOf } from "./frontier-scale.ts";

type ChartProps = { frontier: Frontier; output: Output; axis: "cost" | "time"; height: number };
const EDGE = { left: 60, right: 24, top: 14, bottom: 30 } as const;

/** A point with its interval for each run, with labels for the best run and the cheapest equivalent run. */
export function FrontierChart({ frontier, output, axis, height }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const points = frontier.points.flatMap((point) => {
    const across = axis === "cost" ? point.costUsd : point.latencyMs;
    return across === null || point.quality === null ? [] : [{ ...point, across, quality: point.quality }];
  });
  const formatAcross = axis === "cost" ? formatShortMoney : formatDuration;
  if (points.length === 0)
    return (
      <p className="flex items-center justify-center px-4 text-center text-muted" style={{ height }}>
        {axis === "cost" ? "No prices are set for these models." : "No times were recorded."}
      </p>
    );
  const xTicks = ticksOf(0, Math.max(...points.map(({ across }) => across)), 5);
  const ends = points.flatMap(({ quality, interval }) => [
    quality,
    interval?.low ?? quality,
    interval?.high ?? quality,
  ]);
  const yTicks = ticksOf(Math.min(...ends), Math.max(...ends), 4);
  const x = scaleOf(xTicks, [EDGE.left, width - EDGE.right]);
  const y = scaleOf(yTicks, [height - EDGE.bottom, EDGE.top]);
  const line = points.filter(({ isOnFrontier }) => isOnFrontier).toSorted((a, b) => a.across - b.across);
  const labels = placeLabels(
    points.map(({ across, quality, run }) => ({
      x: x(across),
      y: y(quality),
      text: nameOf(run.name, run.runId, frontier),
    })),
    width - EDGE.right,
  );
  return (
    <div ref={box} className="min-w-0" style={{ height }}>
      {width > 0 && (
        <svg
          data-drawing
          role="img"
          aria-label={summaryOf(points, { output, formatAcross })}
          width={width}
          height={height}
          className="block text-xs"
        >
          {yTicks.map((tick) => (
            <g key={tick}>
              <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
              <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end" className="num fill-muted">
                {formatValue(tick, output)}
              </text>
            </g>
          ))}
          {xTicks.map((tick, place) => (
            <text
              key={tick}
              x={x(tick)}
              y={height - 10}
              textAnchor={place === xTicks.length - 1 ? "end" : "middle"}
              className="num fill-muted"
            >
              {formatAcross(tick)}
            </text>
          ))}
          <polyline
            points={line.map(({ across, quality }) => `${x(across)},${y(quality)}`).join(" ")}
            fill="none"
            strokeDasharray="4 3"
            className="stroke-accent"
          />
          {points.map(({ run, across, quality, interval, isOnFrontier }, place) => (
            <g key={run.runId} className={isOnFrontier ? "text-accent" : "text-muted"}>
              <title>{`${run.name}: ${formatValue(quality, output)}, ${formatAcross(across)}`}</title>
              {interval && (
                <line
                  x1={x(across)}
                  x2={x(across)}
                  y1={y(interval.low)}
                  y2={y(interval.high)}
                  stroke="currentColor"
                  strokeWidth={1.5}
                />
              )}
              {isOnFrontier ? (
                <circle cx={x(across)} cy={y(quality)} r={5} fill="currentColor" className="stroke-panel" />
              ) : (
                <circle
                  cx={x(across)}
                  cy={y(quality)}
                  r={4.5}
                  strokeWidth={1.5}
                  stroke="currentColor"
                  className="fill-panel"
                />
              )}
              <text x={labels[place]?.x} y={labels[place]?.y} textAnchor={labels[place]?.anchor} className="fill-text">
                {labels[place]?.text}
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function nameOf(name: string, runId: string, frontier: Frontier): string {
  const { cheapest, best } = frontier;
  const short = name.length > 26 ? `${name.slice(0, 25)}…` : name;
  if (runId === cheapest && runId !== best) return `${short} (cheapest equivalent)`;
  return runId === best && !isTied(frontier) ? `${short} (best)` : short;
}

type Summarised = readonly { run: { name: string }; across: number; quality: number }[];
type Formats = { output: Output; formatAcross: (value: number) => string };

const summaryOf = (points: Summarised, { output, formatAcross }: Formats) =>
  points
    .map(({ run, across, quality }) => `${run.name} ${formatValue(quality, output)} at ${formatAcross(across)}`)
    .join(", ");
