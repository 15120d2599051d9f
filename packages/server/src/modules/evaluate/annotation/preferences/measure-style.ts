import type { Match } from "@treadle/metrics";
import { type Message, textOf } from "../evidence/evidence.ts";

/** The counted style elements of a text. */
const STYLES = {
  headings: /^ {0,3}#{1,6} /gm,
  lists: /^ {0,6}(?:[-*+]|\d{1,3}[.)]) /gm,
  bold: /\*\*[^*\n]{1,200}\*\*/g,
} as const;
export const STYLE_NAMES = Object.keys(STYLES);

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

/** Lengths and styles of two answers, as a ranking that controls for them wants them. Lengths are in characters. */
export function measureStyles(a: readonly Message[], b: readonly Message[]): Pick<Match, "lengths" | "styles"> {
  const [one, other] = [textOf(a), textOf(b)];
  const styles = Object.entries(STYLES).map(
    ([name, pattern]) => [name, [count(one, pattern), count(other, pattern)]] as const,
  );
  return { lengths: [one.length, other.length], styles: Object.fromEntries(styles) };
}
