import { LINE_SIZE, linePoints } from "./trend.ts";

type LineProps = { values: readonly number[]; format: (value: number) => string };

/** The main score across experiments, with a dot on the newest value. */
export function TrendLine({ values, format }: LineProps) {
  const points = linePoints(values);
  const last = points.at(-1);
  if (values.length < 2 || !last) return <span className="text-muted">first</span>;
  const words = values.map(format).join(", ");
  return (
    <svg role="img" aria-label={`Trend: ${words}`} {...LINE_SIZE} className="inline-block align-middle">
      <title>{words}</title>
      <polyline
        points={points.map((point) => point.join(",")).join(" ")}
        fill="none"
        strokeWidth={1.5}
        strokeLinejoin="round"
        className="stroke-faint"
      />
      <circle cx={last[0]} cy={last[1]} r={2.5} className="fill-accent" />
    </svg>
  );
}
