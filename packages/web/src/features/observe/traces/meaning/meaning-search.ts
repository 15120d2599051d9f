import { isRelative, RANGES, type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { messagesOf } from "../content/messages.ts";
import type { Span } from "../model/use-trace.ts";

/** The API takes texts from two characters on, up to this many. */
export const MOST_CHARACTERS = 2_000;
/** How many of the newest spans are compared: at first, and when that is not enough. */
export const FEW = 500;
export const MANY = 2_000;

export type MeaningSearch = { meaning?: string | undefined; among?: string | undefined };

export const isMeaning = (text: string): boolean => text.trim().length >= 2;

/** What of an address says which meaning is looked for, and among how many spans. */
export function parseMeaning({ meaning = "", among }: MeaningSearch): MeaningSearch {
  if (!isMeaning(meaning)) return { meaning: undefined, among: undefined };
  return {
    meaning: meaning.trim().slice(0, MOST_CHARACTERS),
    among: Number(among) === MANY ? String(MANY) : undefined,
  };
}

export const amongOf = ({ among }: MeaningSearch): number => (Number(among) === MANY ? MANY : FEW);

const PART_CHARACTERS = 200;

/** A summary of a span, similar to lists: its last question and its answer. Empty if it has neither. */
export const meaningOf = ({ input, output }: Pick<Span, "input" | "output">): string =>
  [saidIn(input, "user"), saidIn(output, "assistant")].filter((text) => text !== "").join(" ");

function saidIn(value: unknown, role: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return shorten(value);
  const messages = messagesOf(value) ?? [];
  const message = messages.findLast((item) => item.role === role) ?? messages.at(-1);
  const texts = message?.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])) ?? [];
  return shorten(texts.join(" ").trim() || JSON.stringify(value));
}

/** One line that never ends in half of a character. */
const shorten = (text: string) => text.trim().replaceAll(/\s+/g, " ").slice(0, PART_CHARACTERS).toWellFormed();

const DAY_MS = 86_400_000;

/** The time that is shown if it holds a moment, else the shortest that does: a preset, or the day before and after. */
export function rangeHolding(iso: string, shown: RangeSearch, now: number): RangeSearch {
  const moment = Date.parse(iso);
  const { from, to } = resolveRange(shown, now);
  const unset = { range: undefined, from: undefined, to: undefined };
  if (Date.parse(from) <= moment && (isRelative(shown) || moment < Date.parse(to))) return { ...unset, ...shown };
  const preset = RANGES.find(({ seconds }) => seconds * 1_000 >= DAY_MS && moment >= now - seconds * 1_000);
  if (preset) return { ...unset, range: preset.id };
  return {
    ...unset,
    from: new Date(moment - DAY_MS).toISOString(),
    to: new Date(moment + DAY_MS).toISOString(),
  };
}
