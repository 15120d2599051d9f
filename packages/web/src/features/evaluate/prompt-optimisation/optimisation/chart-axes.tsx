export const EDGE = { left: 62, right: 20, top: 12, bottom: 34 } as const;

type AxesProps = {
  size: { readonly width: number; readonly height: number };
  xTicks: readonly number[];
  yTicks: readonly number[];
  x: (value: number) => number;
  y: (value: number) => number;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
  /** The label of the x axis, with its unit. */
  label: string;
};

/** Grid lines with numbers, and the label of the x axis. */
export function ChartAxes({ size: { width, height }, xTicks, yTicks, x, y, formatX, formatY, label }: AxesProps) {
  return (
    <>
      {yTicks.map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
          <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end" className="num fill-muted">
            {formatY(tick)}
          </text>
        </g>
      ))}
      {xTicks.map((tick, place) => (
        <text
          key={tick}
          x={x(tick)}
          y={height - EDGE.bottom + 15}
          textAnchor={place === xTicks.length - 1 ? "end" : "middle"}
          className="num fill-muted"
        >
          {formatX(tick)}
        </text>
      ))}
      <text x={(EDGE.left + width - EDGE.right) / 2} y={height - 4} textAnchor="middle" className="fill-muted">
        {label}
      </text>
    </>
  );
}
