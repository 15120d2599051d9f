import { trim } from "../white-space.ts";
import { splitPunctuation } from "./western.ts";

/**
 * Characters that sacrebleu's zh treats as Chinese. Two of its ranges should be above U+FFFF, but are written with four
 * digits. Everything from U+2001 to U+2A6D (curly quotes, dashes, arrows) therefore counts, and the intended characters
 * do not.
 */
const CHINESE =
  /[\u2001-\u2a6d\u2e80-\u2eff\u2f00-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g;

/** sacrebleu's zh: a Chinese character is a token, the rest is split as 13a splits it. */
export function tokenizeChinese(line: string): string[] {
  return splitPunctuation(trim(line).replace(CHINESE, " $& "));
}
