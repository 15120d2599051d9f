import {
  formatCompact,
  formatCount,
  formatDuration,
  formatDurationTick,
  formatMoney,
  formatMoneyTick,
  formatPercent,
} from "./format.ts";

export type Unit = "count" | "tokens" | "usd" | "ms" | "ratio" | "score";
type UnitLook = {
  /** The display name for an axis or a form. */
  name: string;
  /** As exact as it is known. */
  format: (value: number) => string;
  /** Short, for axes, where numbers are round, and for labels at bars. */
  formatTick: (value: number) => string;
  /** Only whole numbers make sense. */
  isCount: boolean;
  /** Groups can be summed, so bars can be stacked. */
  isSum: boolean;
};

const formatScore = (value: number) => String(Number(value.toFixed(Math.abs(value) < 10 ? 3 : 1)));

const UNITS: Readonly<Record<Unit, UnitLook>> = {
  count: { name: "count", format: formatCount, formatTick: formatCompact, isCount: true, isSum: true },
  tokens: { name: "tokens", format: formatCount, formatTick: formatCompact, isCount: true, isSum: true },
  usd: { name: "US dollars", format: formatMoney, formatTick: formatMoneyTick, isCount: false, isSum: true },
  ms: { name: "time", format: formatDuration, formatTick: formatDurationTick, isCount: false, isSum: false },
  ratio: { name: "percent", format: formatPercent, formatTick: formatPercent, isCount: false, isSum: false },
  score: { name: "score", format: formatScore, formatTick: formatScore, isCount: false, isSum: false },
};

/** How numbers of a unit are written. What is no unit of numbers counts as a score, which is written as it is. */
export const unitLook = (unit: string): UnitLook => (Object.hasOwn(UNITS, unit) ? UNITS[unit as Unit] : UNITS.score);
