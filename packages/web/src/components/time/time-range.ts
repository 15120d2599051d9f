/** A span of time as an address holds it: one of the presets, or two moments. */
export type RangeSearch = { range?: string; from?: string; to?: string };
export type TimeRange = { from: string; to: string };

export const RANGES = [
  { id: "15m", label: "Last 15 minutes", seconds: 900 },
  { id: "1h", label: "Last hour", seconds: 3_600 },
  { id: "6h", label: "Last 6 hours", seconds: 21_600 },
  { id: "24h", label: "Last 24 hours", seconds: 86_400 },
  { id: "7d", label: "Last 7 days", seconds: 604_800 },
  { id: "30d", label: "Last 30 days", seconds: 2_592_000 },
  { id: "90d", label: "Last 90 days", seconds: 7_776_000 },
] as const;
const DEFAULT = RANGES[3];

const presetOf = (id: string | undefined) => RANGES.find((range) => range.id === id);
const isMoment = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text));

/** What of an address is a usable span of time; anything else falls back to the last 24 hours. */
export function parseRange({ range, from, to }: RangeSearch): RangeSearch {
  if (isMoment(from) && isMoment(to) && Date.parse(from) < Date.parse(to)) return { from, to };
  return presetOf(range) ? { range } : {};
}

/** The two moments of a span, a relative one counted back from `now` (milliseconds). */
export function resolveRange({ range, from, to }: RangeSearch, now = Date.now()): TimeRange {
  if (isMoment(from) && isMoment(to)) return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { seconds } = presetOf(range) ?? DEFAULT;
  return { from: new Date(now - seconds * 1000).toISOString(), to: new Date(now).toISOString() };
}

/** Whether the span moves on with the clock, and so is worth loading again. */
export const isRelative = ({ from, to }: RangeSearch): boolean => !(isMoment(from) && isMoment(to));

/** A span of time that was drawn over a chart, as an address has it. */
export const timeOf = (from: Date, to: Date): RangeSearch => ({
  range: undefined,
  from: from.toISOString(),
  to: to.toISOString(),
});

const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** The span in words, as the picker shows it. */
export function labelOf(search: RangeSearch): string {
  if (isRelative(search)) return (presetOf(search.range) ?? DEFAULT).label;
  const { from, to } = resolveRange(search);
  return moment.formatRange(new Date(from), new Date(to));
}

/** The previous period in words, for comparisons: `the previous 24 hours`. */
export function previousLabel(search: RangeSearch): string {
  return isRelative(search)
    ? `the previous ${(presetOf(search.range) ?? DEFAULT).label.replace("Last ", "")}`
    : "the previous period";
}
