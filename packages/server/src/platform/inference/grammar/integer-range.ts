/** A GBNF expression for the whole numbers from `least` to `most`; null leaves a side open. Both are safe integers. */
export function integerRange(least: number | null, most: number | null): string {
  const branches: string[] = [];
  if (least === null || least < 0) {
    const smallest = most === null || most >= 0 ? 1 : -most;
    branches.push(`"-" (${naturalRange(smallest, least === null ? null : -least)})`);
  }
  if (most === null || most >= 0) branches.push(naturalRange(Math.max(least ?? 0, 0), most));
  return branches.join(" | ");
}

const MAX_DIGITS = 15;

/** From `least` (0 or more) to `most`, without leading zeros. */
function naturalRange(least: number, most: number | null): string {
  const low = String(least);
  const high = most === null ? "9".repeat(Math.max(MAX_DIGITS, low.length)) : String(most);
  const branches: string[] = [];
  for (let digits = low.length; digits <= high.length; digits++) {
    const from = digits === low.length ? low : `1${"0".repeat(digits - 1)}`;
    const to = digits === high.length ? high : "9".repeat(digits);
    branches.push(sameLength(from, to));
  }
  return branches.join(" | ");
}

/** Numbers of one length between two of that length. */
function sameLength(from: string, to: string): string {
  if (from === to) return `"${from}"`;
  const [low = "0", high = "9"] = [from[0], to[0]];
  const rest = from.length - 1;
  if (rest === 0) return `[${low}-${high}]`;
  if (low === high) return `"${low}" (${sameLength(from.slice(1), to.slice(1))})`;
  const isWholeLow = from.slice(1) === "0".repeat(rest);
  const isWholeHigh = to.slice(1) === "9".repeat(rest);
  const first = isWholeLow ? Number(low) : Number(low) + 1;
  const last = isWholeHigh ? Number(high) : Number(high) - 1;
  const branches: string[] = [];
  if (!isWholeLow) branches.push(`"${low}" (${sameLength(from.slice(1), "9".repeat(rest))})`);
  if (first <= last) branches.push(`[${first}-${last}] [0-9]{${rest}}`);
  if (!isWholeHigh) branches.push(`"${high}" (${sameLength("0".repeat(rest), to.slice(1))})`);
  return branches.join(" | ");
}
