import type { Estimate } from "./use-queue-reports.ts";

type CellProps = { estimate: Estimate; format?: (value: number) => string };
const plain = (value: number) => value.toFixed(2).replace("-", "−");

/** A number with its interval; where there is none, why. */
export function EstimateCell({ estimate: { value, interval, reason }, format = plain }: CellProps) {
  if (value === null)
    return (
      <span className="text-muted" title={reason}>
        undefined
      </span>
    );
  return (
    <span className="whitespace-nowrap" title={reason || undefined}>
      {format(value)}{" "}
      <span className="text-xs text-muted">
        {interval ? `[${format(interval.low)}, ${format(interval.high)}]` : "no interval"}
      </span>
    </span>
  );
}
