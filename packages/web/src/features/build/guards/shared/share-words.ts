import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import type { PreviewResult, PreviewShare } from "../preview/use-previews.ts";

/** A share with its interval if it has one, such as `12% (9.1% to 16%)`. */
export function shareWords({ share, low, high }: PreviewShare): string {
  if (share === null) return "";
  const interval = low === null || high === null ? "" : ` (${formatPercent(low)} to ${formatPercent(high)})`;
  return `${formatPercent(share)}${interval}`;
}

/** A count with its share. */
export const countWords = (counted: PreviewShare): string =>
  counted.share === null ? "0" : `${formatCount(counted.count)} · ${shareWords(counted)}`;

/** What was read, and what is missing from it. */
export function readWords({ matching, read, isSample, withoutText, alreadyChanged }: PreviewResult): string[] {
  const calls = (count: number) => `${formatCount(count)} ${count === 1 ? "call" : "calls"}`;
  return [
    isSample
      ? `A random sample of ${formatCount(read)} of ${calls(matching)} was read. Intervals are 95%.`
      : `All ${calls(read)} were read.`,
    ...(withoutText > 0 ? [`The content of ${calls(withoutText)} is not stored.`] : []),
    ...(alreadyChanged > 0
      ? [`A guard changed ${calls(alreadyChanged)} before they were stored. What it removed cannot be found.`]
      : []),
  ];
}

/** With fewer cases, a rate says little: only its counts and its interval are shown. */
const FEW = 20;

/** A rate as a value and a note with its interval. `noun` counts the cases, such as *label*. */
export function rateWords(counted: PreviewShare, noun: string): { readonly value: string; readonly note: string } {
  const { count, of, share, low, high } = counted;
  if (share === null) return { value: `No ${noun}s`, note: "" };
  const interval = low === null || high === null ? "" : `, ${formatPercent(low)} to ${formatPercent(high)}`;
  return of < FEW
    ? { value: `Not enough ${noun}s`, note: `${formatCount(count)} of ${formatCount(of)}${interval}` }
    : { value: formatPercent(share), note: `${formatCount(count)} of ${formatCount(of)}${interval}` };
}
