import type { PreparedText } from "../prepared-text.ts";
import { sameView } from "./view-builder.ts";

/** A longer run may be encoded text. */
const SHORTEST_RUN = 24;
const PERCENT = 37;
const LAST_ASCII = 127;

/** Signs between spaced letters, by their code. */
const isSign = (code: number) => code === 32 || code === 46 || code === 42 || code === 95 || code === 45;
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

/**
 * Whether every view of a text would be the text itself: it is ASCII, with no spaced letters, and nothing in it can be encoded. It
 * may say no for a text that is plain.
 */
export function isPlainText(text: string): boolean {
  let run = 0;
  /** Signs at every second place: `a b c`. */
  let [signs, others] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > LAST_ASCII || code === PERCENT) return false;
    run = isSpace(code) ? 0 : run + 1;
    if (run >= SHORTEST_RUN) return false;
    [signs, others] = [others, isSign(code) ? signs + 1 : 0];
    if (others >= 3) return false;
  }
  return true;
}

/** A text without other forms. */
export const preparePlain = (text: string): PreparedText => ({
  text,
  normalized: sameView("normalized", text),
  hidden: [],
});
