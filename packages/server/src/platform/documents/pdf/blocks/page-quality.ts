import { isSpaceless } from "../lines/scripts-of-text.ts";

/** A word, a number or an abbreviation, with signs around it. */
const WORD =
  /^[\p{P}\p{S}]*(?:[\p{L}\p{M}]+(?:['’.\-/&@_][\p{L}\p{M}\p{N}]+)*\.?|[\p{N}][\p{N}.,:/%\-–]*[\p{L}%°]*)[\p{P}\p{S}]*$/u;
/** Letters that no script of a text writes like this: five consonants of a Latin word that has no vowel. */
const NO_VOWEL = /^[^aeiouyàâäáåæèéêëìíîïòóôöõøœùúûüýÿ\W\d_]{5,}$/iu;
/** Characters of fonts without a map to Unicode. */
const UNKNOWN = /[\ufffd\p{Co}]|(?![\t\n\r])\p{Cc}/gu;
/** Words of one letter in ordinary text: "a" and "I", labels of lists, signs in formulas. */
const USUAL_SINGLES = 0.2;

/**
 * How much of a page's text looks like words, from 0 to 1: the share of word-like tokens, less twice the share of unknown characters and
 * the share of one-letter words above 20 %. A page without text has 0 if it needs OCR, and otherwise 1.
 */
export function pageQuality(text: string, needsOcr: boolean): number {
  const tokens = text.split(/\s+/).filter((token) => token !== "" && !/^[\p{P}\p{S}]+$/u.test(token));
  if (tokens.length === 0) return needsOcr ? 0 : 1;
  const words = tokens.filter(isWord).length / tokens.length;
  const singles =
    tokens.filter((token) => token.length === 1 && /\p{L}/u.test(token) && !isSpaceless(token)).length / tokens.length;
  const unknown = (text.match(UNKNOWN)?.length ?? 0) / text.length;
  const quality = words - 2 * unknown - Math.max(0, singles - USUAL_SINGLES);
  return Math.round(Math.min(Math.max(quality, 0), 1) * 1000) / 1000;
}

const isWord = (token: string) =>
  isSpaceless(token) ? !/\ufffd/.test(token) : WORD.test(token) && !NO_VOWEL.test(token);
