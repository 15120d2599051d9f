import { useRef, useState } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { ChartFrame } from "../../../../components/chart/chart-frame.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { formatCount, formatMoney, formatShortMoney } from "../../../../components/text/format.ts";
import { placeLabels, scaleOf, ticksOf } from "../../experiments/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Candidate, Optimisation } from "../shared/use-optimisations.ts";
import { nameOf } from "../shared/words.ts";
import { ChartAxes, EDGE } from "./chart-axes.tsx";

const AXES = ["cost", "tokens", "length"] as const;
type Axis = (typeof AXES)[number];
const AXIS_WORDS: Readonly<Record<Axis, string>> = { cost: "Cost", tokens: "Tokens", length: "Length" };
const AXIS_LABELS: Readonly<Record<Axis, string>> = {
  cost: "USD per answer",
  tokens: "tokens per answer",
  length: "prompt length in characters",
};
type ChartProps = { optimisation: Optimisation; onOpen: (candidate: number) => void };

const acrossOf = ({ costUsd, tokens, length }: Candidate, axis: Axis) =>
  axis === "cost" ? costUsd : axis === "tokens" ? tokens : length;

/** Score against cost, tokens or length, with the Pareto front filled. */
export function ParetoChart({ optimisation, onOpen }: ChartProps) {
  const { candidates, output, scorer } = optimisation;
  const [chosen, setChosen] = useState<Axis>();
  const axis = chosen ?? (candidates.some(({ costUsd }) => (costUsd ?? 0) > 0) ? "cost" : "tokens");
  const format = (value: number) => formatValue(value, output);
  return (
    <ChartFrame
      title="Score and cost"
      legend={<Choice label="Compare with" names={AXES} words={AXIS_WORDS} chosen={axis} onChoose={setChosen} />}
      data={{
        columns: [
          { label: "Candidate" },
          { label: scorer, format },
          { label: "Cost per answer (USD)", format: formatMoney },
          { label: "Tokens per answer", format: formatCount },
          { label: "Characters" },
          { label: "On Pareto front" },
        ],
        rows: candidates.map((one) => [
          ...[nameOf(one), one.quality, one.costUsd, one.tokens, one.length],
          one.isOnFrontier ? "yes" : "no",
        ]),
      }}
      onOpenRow={onOpen}
      height={240}
    >
      {(height) => <Drawing optimisation={optimisation} axis={axis} height={height} onOpen={onOpen} />}
    </ChartFrame>
  );
}

type DrawingProps = ChartProps & { axis: Axis };
type Point = Candidate & { readonly across: number; readonly quality: number };

function Drawing({ height, ...props }: DrawingProps & { height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const { candidates } = props.optimisation;
  const points = candidates.flatMap((one): Point[] => {
    const across = acrossOf(one, props.axis);
    return across === null || one.quality === null ? [] : [{ ...one, across, quality: one.quality }];
  });
  return (
    <div ref={box} className="flex min-w-0 items-center justify-center" style={{ height }}>
      {points.length === 0 ? (
        <p className="px-4 text-center text-muted">
          {props.axis === "cost" && candidates.length > 0
            ? "No price is set for this model."
            : "No candidate has a score yet."}
        </p>
      ) : (
        width > 0 && <Points {...props} points={points} size={{ width, height }} />
      )}
    </div>
  );
}

type PointsProps = DrawingProps & { points: readonly Point[]; size: { width: number; height: number } };

function Points({ optimisation: { output, best }, axis, points, size, onOpen }: PointsProps) {
  const { width, height } = size;
  const formatAcross = axis === "cost" ? formatShortMoney : formatCount;
  const xTicks = ticksOf(0, Math.max(...points.map(({ across }) => across)), width < 480 ? 3 : 5);
  const qualities = points.map(({ quality }) => quality);
  const yTicks = ticksOf(Math.min(...qualities), Math.max(...qualities), 4);
  const x = scaleOf(xTicks, [EDGE.left, width - EDGE.right]);
  const y = scaleOf(yTicks, [height - EDGE.bottom, EDGE.top]);
  const line = points.filter(({ isOnFrontier }) => isOnFrontier).toSorted((a, b) => a.across - b.across);
  const labels = placeLabels(
    points.map(({ across, quality, candidate }) => ({
      x: x(across),
      y: y(quality),
      text: candidate === 0 ? "0 start" : candidate === best ? `${candidate} best` : String(candidate),
    })),
    width - EDGE.right,
  );
  const wordsOf = (one: Point) => `${nameOf(one)}: ${formatValue(one.quality, output)} at ${formatAcross(one.across)}`;
  return (
    <svg
      data-drawing
      role="img"
      aria-label={points.map(wordsOf).join(", ")}
      width={width}
      height={height}
      className="block text-xs"
    >
      <ChartAxes
        size={size}
        xTicks={xTicks}
        yTicks={yTicks}
        x={x}
        y={y}
        formatX={formatAcross}
        formatY={(value) => formatValue(value, output)}
        label={AXIS_LABELS[axis]}
      />
      <polyline
        points={line.map(({ across, quality }) => `${x(across)},${y(quality)}`).join(" ")}
        fill="none"
        strokeDasharray="4 3"
        className="stroke-accent"
      />
      {points.map((one, place) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the candidates are also links in the tree and rows in the table view.
        <g key={one.candidate} onClick={() => onOpen(one.candidate)} className="cursor-pointer">
          <title>{wordsOf(one)}</title>
          <circle
            cx={x(one.across)}
            cy={y(one.quality)}
            r={5}
            strokeWidth={1.5}
            className={one.isOnFrontier ? "fill-accent stroke-panel" : "fill-panel stroke-muted"}
          />
          <text x={labels[place]?.x} y={labels[place]?.y} textAnchor={labels[place]?.anchor} className="fill-text">
            {labels[place]?.text}
          </text>
        </g>
      ))}
    </svg>
  );
}
