import { useRef } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { formatDuration } from "../../../../components/text/format.ts";
import { scaleOf, ticksOf } from "../../../evaluate/experiments/index.ts";
import { formatPoint } from "../shared/words.ts";
import type { Sweep } from "./use-sweeps.ts";

const EDGE = { left: 60, right: 24, top: 10, bottom: 28 } as const;

/** Each trial's metric against its time. A line joins the trials on the Pareto front. */
export function SweepFront({ sweep, height }: { sweep: Sweep; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const points = sweep.trialList.flatMap(({ number, value, seconds, status, role }) =>
    value === null || seconds === null || status !== "done" || role !== "search" ? [] : [{ number, value, seconds }],
  );
  const { front } = sweep.result;
  const xTicks = ticksOf(0, Math.max(1, ...points.map(({ seconds }) => seconds)), 4);
  const values = points.map(({ value }) => value);
  const yTicks = ticksOf(Math.min(...values, Number.MAX_VALUE), Math.max(...values, -Number.MAX_VALUE), 4);
  const x = scaleOf(xTicks, [EDGE.left, width - EDGE.right]);
  const y = scaleOf(yTicks, [height - EDGE.bottom, EDGE.top]);
  const line = front.flatMap((number) => points.find((point) => point.number === number) ?? []);
  return (
    <Section title="Metric and time" description="The line joins the trials that no other trial beats on both.">
      <div ref={box} style={{ height }}>
        {points.length === 0 ? (
          <p className="flex h-full items-center justify-center text-muted">No trial has finished yet.</p>
        ) : (
          width > 0 && (
            <svg
              role="img"
              aria-label={points.map(({ number, value }) => `trial ${number + 1} ${formatPoint(value)}`).join(", ")}
              width={width}
              height={height}
              className="block text-xs"
            >
              {yTicks.map((tick) => (
                <g key={tick}>
                  <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
                  <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end" className="num fill-muted">
                    {formatPoint(tick)}
                  </text>
                </g>
              ))}
              {xTicks.map((tick) => (
                <text key={tick} x={x(tick)} y={height - 8} textAnchor="middle" className="num fill-muted">
                  {formatDuration(tick * 1_000)}
                </text>
              ))}
              <polyline
                points={line.map(({ seconds, value }) => `${x(seconds)},${y(value)}`).join(" ")}
                fill="none"
                className="stroke-accent"
              />
              {points.map(({ number, value, seconds }) => (
                <circle
                  key={number}
                  cx={x(seconds)}
                  cy={y(value)}
                  r={4}
                  className={front.includes(number) ? "fill-accent" : "fill-faint"}
                >
                  <title>
                    trial {number + 1}: {formatPoint(value)}, {formatDuration(seconds * 1_000)}
                  </title>
                </circle>
              ))}
            </svg>
          )
        )}
      </div>
    </Section>
  );
}
