const count = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const DASH = "–";

/** A whole number with thousands separators: `12,480`. */
export const formatCount = (value: number): string => count.format(value);

/** A count with its word: `1 span`, `12,480 spans`. */
export const formatNumberOf = (value: number, word: string, words = `${word}s`): string =>
  `${formatCount(value)} ${value === 1 ? word : words}`;

/** A number in at most four characters and a letter, for axes and tiles: `842`, `12.4k`, `3.1M`. */
export function formatCompact(value: number): string {
  for (const [from, size, letter] of COMPACT) {
    if (Math.abs(value) < from) continue;
    const scaled = value / size;
    return `${trimZeros(scaled.toFixed(Math.abs(scaled) < 99.95 ? 1 : 0))}${letter}`;
  }
  return Number.isInteger(value) ? formatCount(value) : trimZeros(value.toFixed(2));
}

/** Each begins where the one before it would round up to a thousand. */
const COMPACT = [
  [999.5e6, 1e9, "B"],
  [999.5e3, 1e6, "M"],
  [1e4, 1e3, "k"],
] as const;

const trimZeros = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/**
 * US dollars. At least four significant digits under a cent, so that single calls stay comparable. Null: no price
 * available.
 */
export function formatMoney(usd: number | null): string {
  if (usd === null) return DASH;
  if (usd === 0) return "$0";
  if (usd < 0.01) return `$${trimZeros(usd.toFixed(Math.min(12, 3 - Math.floor(Math.log10(usd)))))}`;
  if (usd < 1) return `$${usd.toFixed(4)}`;
  if (usd < 1000) return `$${usd.toFixed(2)}`;
  return `$${formatCount(usd)}`;
}

/**
 * US dollars in two digits under a cent, where the exact ones stand close by. Under a thousandth of a cent there is
 * nothing to compare.
 */
export function formatShortMoney(usd: number): string {
  if (usd === 0 || usd >= 0.01) return formatMoney(usd);
  return usd < 1e-5 ? "<$0.00001" : `$${Number(usd.toPrecision(2))}`;
}

/** Milliseconds in a readable unit: `0.42 ms`, `412 ms`, `1.24 s`, `3 m 12 s`. Null: it was not measured. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return DASH;
  if (ms === 0) return "0 ms";
  if (ms < 10) return `${trimZeros(ms.toFixed(2))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, [60, "m"], [1, "s"]);
  if (seconds < 86_400) return twoUnits(seconds, [3600, "h"], [60, "m"]);
  return twoUnits(seconds, [86_400, "d"], [3600, "h"]);
}

type Unit = readonly [seconds: number, letter: string];

function twoUnits(seconds: number, large: Unit, small: Unit): string {
  const rest = Math.floor((seconds % large[0]) / small[0]);
  return `${Math.floor(seconds / large[0])} ${large[1]}${rest > 0 ? ` ${rest} ${small[1]}` : ""}`;
}

/** Milliseconds on an axis, where the ticks are round: `0`, `500 ms`, `2.5 s`, `3 m`. */
export function formatDurationTick(ms: number): string {
  if (ms === 0) return "0";
  if (ms < 1000) return `${trimZeros(ms.toFixed(2))} ms`;
  return ms < 60_000 ? `${trimZeros((ms / 1000).toFixed(2))} s` : formatDuration(ms);
}

/** US dollars on an axis, without the zeros that only a table needs. */
export const formatMoneyTick = (usd: number): string =>
  formatMoney(usd)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

/** Bytes in decimal units, as disks and downloads are sold: `531 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return DASH;
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1000 ** power;
  return `${trimZeros(scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0))} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

/** A share from 0 to 1 as a percentage that never rounds to 0 or 100. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "<0.1%";
  if (percent < 100 && percent > 99.9) return ">99.9%";
  return `${trimZeros(percent.toFixed(percent < 10 || percent > 99 ? 1 : 0))}%`;
}

/** The change from one number to another in percent, or null when there is nothing to compare with. */
export function changeBetween(before: number | null, now: number | null): number | null {
  return before === null || now === null || before === 0 ? null : (now - before) / before;
}

const exact = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  timeZoneName: "short",
});
const sameDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const otherDay = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const otherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** A moment to the millisecond in the viewer's zone, for tooltips and details. */
export const formatExactTime = (iso: string): string => exact.format(new Date(iso));

/** A time in its shortest unambiguous form: `14:03:22` today, `3 Nov, 14:03` this year. */
export function formatTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (time.toDateString() === now.toDateString()) return sameDay.format(time);
  return time.getFullYear() === now.getFullYear() ? otherDay.format(time) : otherYear.format(time);
}

/** How long ago, in one unit: `just now`, `4 min ago`, `2 d ago`. */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 5) return "just now";
  for (const [size, unit] of [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`;
  }
  return "just now";
}
