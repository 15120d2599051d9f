import type { FilterField } from "./fields.ts";

/** From one number to another, both inside; durations in milliseconds, money in US dollars. */
export type FilterRange = { readonly min: number; readonly max: number };

type Scale = { readonly shape: RegExp; readonly units: Readonly<Record<string, number>>; readonly bare: number };

const NUMBER = String.raw`(-?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})(?:e[+-]?\d{1,2})?)`;
const SCALES: Readonly<Record<"number" | "duration" | "money", Scale>> = {
  number: { shape: new RegExp(`^${NUMBER}(k|m)?$`, "i"), units: { k: 1e3, m: 1e6 }, bare: 1 },
  duration: {
    shape: new RegExp(`^${NUMBER}(us|ms|s|m|h)?$`, "i"),
    units: { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
    bare: 1,
  },
  money: { shape: new RegExp(`^\\$?${NUMBER}()$`, "i"), units: {}, bare: 1 },
};

/**
 * The numbers that a value of a filter stands for: `2s` one, `1s..5s` all between, `100..` all from there.
 * Null when it is none. A duration without a unit is in milliseconds.
 */
export function readFilterRange(kind: FilterField["kind"], value: string): FilterRange | null {
  if (kind === "text" || kind === "choice") return null;
  const scale = SCALES[kind === "score" ? "number" : kind];
  const [first = "", second, ...more] = value.split("..");
  if (more.length > 0 || (first === "" && !second)) return null;
  const min = first === "" ? Number.NEGATIVE_INFINITY : readNumber(scale, first);
  const max = second === undefined ? min : second === "" ? Number.POSITIVE_INFINITY : readNumber(scale, second);
  return min === null || max === null || min > max ? null : { min, max };
}

function readNumber({ shape, units, bare }: Scale, text: string): number | null {
  const match = shape.exec(text);
  if (!match) return null;
  return Number(match[1]) * (match[2] ? (units[match[2].toLowerCase()] ?? bare) : bare);
}

/** The texts between the wildcards of a pattern: `["a"]` of `a`, `["a", ""]` of `a*`. */
export function splitFilterPattern(pattern: string): readonly string[] {
  const parts = [""];
  for (const piece of pattern.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? []) {
    if (piece === "*") parts.push("");
    else parts[parts.length - 1] += piece.startsWith("\\") && piece.length === 2 ? piece.slice(1) : piece;
  }
  return parts;
}

/** A pattern that matches exactly this text. */
export const escapeFilterValue = (text: string) => text.replaceAll(/[*\\]/g, "\\$&");
