type BarProps = {
  /** The accessible label. */
  label: string;
  value: number;
  interval: { low: number; high: number } | null;
  /** The range of the full width. */
  from: number;
  to: number;
  /** The position of a reference line, such as no difference. */
  zero?: number;
  /** The margin on each side of the reference line. */
  margin?: number;
  look?: string;
  width?: number;
};
const HEIGHT = 16;

/** A value as a dot, with its interval as a line. */
export function IntervalBar({
  label,
  value,
  interval,
  from,
  to,
  zero,
  margin = 0,
  look = "text-text",
  width = 120,
}: BarProps) {
  const place = (at: number) =>
    to > from ? 4 + Math.min(1, Math.max(0, (at - from) / (to - from))) * (width - 8) : width / 2;
  const middle = HEIGHT / 2;
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={HEIGHT}
      className={`inline-block shrink-0 align-middle ${look}`}
    >
      <title>{label}</title>
      <line x1={4} x2={width - 4} y1={middle} y2={middle} className="stroke-line" />
      {zero !== undefined && margin > 0 && (
        <rect
          x={place(zero - margin)}
          width={Math.max(1, place(zero + margin) - place(zero - margin))}
          y={1}
          height={HEIGHT - 2}
          className="fill-raised"
        />
      )}
      {zero !== undefined && <line x1={place(zero)} x2={place(zero)} y1={1} y2={HEIGHT - 1} className="stroke-faint" />}
      {interval && (
        <line
          x1={place(interval.low)}
          x2={place(interval.high)}
          y1={middle}
          y2={middle}
          stroke="currentColor"
          strokeWidth={2}
          strokeLinecap="round"
        />
      )}
      <circle cx={place(value)} cy={middle} r={3.5} fill="currentColor" className="stroke-panel" strokeWidth={1} />
    </svg>
  );
}
