import type { ScorerOutput } from "@treadle/contract";
import { formatDuration, formatMoney } from "../../../../components/text/format.ts";

type Output = Pick<ScorerOutput, "type" | "min" | "max" | "unit">;

/** Whether the mean is a share, shown as a percentage. */
export const isShare = ({ type }: Pick<Output, "type">): boolean => type === "boolean";

/** A score, or a mean of scores, with useful precision. The mean of booleans is a share. */
export function formatValue(value: number | null, output: Output, isOne = false): string {
  if (value === null) return "–";
  if (isShare(output)) return isOne ? (value >= 0.5 ? "yes" : "no") : percent(value);
  if (output.unit === "ms") return formatDuration(value);
  if (output.unit === "usd") return formatMoney(value);
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  const text = isOne ? String(Number(value.toFixed(digits))) : value.toFixed(digits);
  return output.unit && output.unit !== "" ? `${text} ${output.unit}` : text;
}

/** A percentage with one decimal, which is the precision of a few hundred items. */
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** The position of a value between minimum and maximum, from 0 to 1; undefined without both. */
export function placeOf(value: number | null, { type, min, max }: Output): number | undefined {
  const [from, to] = type === "boolean" ? [0, 1] : [min, max];
  if (value === null || from === null || to === null || !(to > from)) return undefined;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
