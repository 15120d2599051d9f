import {
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
} from "../../../components/text/format.ts";

/** The meaning of a measure's number. */
export type Unit = "time" | "text" | "count" | "tokens" | "usd" | "ms" | "ratio" | "score";

/** A measured number in its unit, as a table shows it. Null: there was nothing to measure. */
export function formatMeasure(unit: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "usd":
      return formatMoney(value);
    case "ms":
      return formatDuration(value);
    case "ratio":
      return formatPercent(value);
    case "tokens":
      return formatCompact(value);
    case "score":
      return value.toFixed(3).replace(/\.?0+$/, "");
    default:
      return formatCount(value);
  }
}

/** A change as a share, with its sign: `+12%`, `−3.4%`. */
export function formatChange(share: number | null): string {
  if (share === null) return "–";
  if (Math.abs(share) < 0.0005) return "±0%";
  const percent = Math.abs(share) * 100;
  const digits = percent < 9.95 ? percent.toFixed(1).replace(/\.0$/, "") : formatCount(percent);
  return `${share > 0 ? "+" : "−"}${digits}%`;
}
