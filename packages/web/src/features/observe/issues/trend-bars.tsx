type BarsProps = { values: readonly number[]; label: string; height?: number; width?: number };

/** Counts as small bars from zero. A screen reader gets the sum and the highest. */
export function TrendBars({ values, label, height = 24, width = 98 }: BarsProps) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block shrink-0">
      {values.map((value, place) => {
        const tall = value === 0 ? 1 : Math.max(2, (value / most) * height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: days in their order.
            key={place}
            x={place * step}
            y={height - tall}
            width={Math.max(1, step - 2)}
            height={tall}
            style={{ fill: value === 0 ? "var(--line-strong)" : "var(--series-1)" }}
          />
        );
      })}
    </svg>
  );
}
