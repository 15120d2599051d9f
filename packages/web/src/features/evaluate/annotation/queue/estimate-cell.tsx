import type { Estimate } from "./use-queue-reports.ts";

type CellProps = { estimate: Estimate; format?: (value: number) => string };
const plain = (value: number) => value.toFixed(2).replace("-", "−");

/** A number with its interval, or the reason why there is none. */
export function EstimateCell({ estimate: { value, interval, reason }, format = plain }: CellProps) {
  if (value === null)
    return (
      <span className="inline-block py-1 text-muted">
        — <span className="inline-block min-w-36 max-w-64 align-top text-xs">{reason || "not measured"}</span>
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
