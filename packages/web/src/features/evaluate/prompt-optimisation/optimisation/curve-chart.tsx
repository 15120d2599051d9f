import { useRef } from "react";
import { useElementSize } from "../../../../components/browser/use-element-size.ts";
import { ChartFrame } from "../../../../components/chart/chart-frame.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { scaleOf, ticksOf } from "../../experiments/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Optimisation } from "../shared/use-optimisations.ts";
import { ChartAxes, EDGE } from "./chart-axes.tsx";
import { curvePoints } from "./curve-points.ts";

/** The best score by number of answers; a flat end means that more budget will not help. */
export function CurveChart({ optimisation }: { optimisation: Optimisation }) {
  const { curve, output, scorer } = optimisation;
  return (
    <ChartFrame
      title="Learning curve"
      legend={<span>best {scorer} on the selection items</span>}
      data={{
        columns: [{ label: "Answers" }, { label: "Best", format: (value) => formatValue(value, output) }],
        rows: curve.map(({ answers, best }) => [answers, best]),
      }}
      height={240}
    >
      {(height) => <Drawing optimisation={optimisation} height={height} />}
    </ChartFrame>
  );
}

function Drawing({ optimisation, height }: { optimisation: Optimisation; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  return (
    <div ref={box} className="flex min-w-0 items-center justify-center" style={{ height }}>
      {optimisation.curve.length === 0 ? (
        <p className="px-4 text-center text-muted">The first prompt has no score yet.</p>
      ) : (
        width > 0 && <Curve optimisation={optimisation} size={{ width, height }} />
      )}
    </div>
  );
}

type CurveProps = { optimisation: Optimisation; size: { width: number; height: number } };

function Curve({ optimisation, size: { width, height } }: CurveProps) {
  const { curve, output, budget } = optimisation;
  const points = curvePoints(optimisation);
  const bests = points.map(([, best]) => best);
  const xTicks = ticksOf(0, Math.max(points.at(-1)?.[0] ?? 1, Math.min(budget.answers, 2 * (points[0]?.[0] ?? 0))), 5);
  const yTicks = ticksOf(Math.min(...bests), Math.max(...bests), 4);
  const x = scaleOf(xTicks, [EDGE.left, width - EDGE.right]);
  const y = scaleOf(yTicks, [height - EDGE.bottom, EDGE.top]);
  const format = (value: number) => formatValue(value, output);
  const words = curve.map(({ answers, best }) => `${format(best)} after ${formatCount(answers)} answers`).join(", ");
  return (
    <svg data-drawing role="img" aria-label={words} width={width} height={height} className="block text-xs">
      <ChartAxes
        size={{ width, height }}
        xTicks={xTicks}
        yTicks={yTicks}
        x={x}
        y={y}
        formatX={formatCount}
        formatY={format}
        label="search answers"
      />
      <polyline
        points={points.map(([answers, best]) => `${x(answers)},${y(best)}`).join(" ")}
        fill="none"
        strokeWidth={2}
        className="stroke-accent"
      />
      {curve.map(({ answers, best }) => (
        <circle key={answers} cx={x(answers)} cy={y(best)} r={4} className="fill-accent stroke-panel">
          <title>{`${format(best)} after ${formatCount(answers)} answers`}</title>
        </circle>
      ))}
    </svg>
  );
}
