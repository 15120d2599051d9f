import type { ScorerOutput } from "@treadle/contract";
import { formatDuration, formatMoney } from "../../components/format.ts";

type Output = Pick<ScorerOutput, "type" | "min" | "max" | "unit">;

/** Whether the mean of its values is a share, so that it is written in percent. */
export const isShare = ({ type }: Pick<Output, "type">): boolean => type === "boolean";

/** A score of one answer or the mean of many, as exact as it is worth knowing. A boolean's mean is a share. */
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

/** A share as a percentage to a tenth, which is as much as a few hundred items say. */
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** Where a value lies between the least and the most there can be, from 0 to 1; undefined without both ends. */
export function placeOf(value: number | null, { type, min, max }: Output): number | undefined {
  const [from, to] = type === "boolean" ? [0, 1] : [min, max];
  if (value === null || from === null || to === null || !(to > from)) return undefined;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
