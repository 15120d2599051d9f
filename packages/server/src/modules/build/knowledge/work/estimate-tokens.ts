/** Signs that a tokenizer usually gives a token each: ideographs, kana, Hangul, and letters of scripts without spaces. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/gu;
const LATIN = /\p{Script=Latin}+/gu;
const OTHER = /[\p{L}\p{M}]+/gu;
const DIGITS = /\p{N}+/gu;
const SIGNS = /[^\p{L}\p{M}\p{N}\s]/gu;

/** Letters per token: long words have several. */
const LATIN_LETTERS = 4.5;
const OTHER_LETTERS = 3;
const DIGITS_PER_TOKEN = 2.5;

/**
 * About how many tokens a text has for a common subword tokenizer. It counts rather too many than too few, so that chunks fit into the
 * window of their model.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  const add = (pattern: RegExp, perToken: number, rest: string) =>
    rest.replace(pattern, (run) => {
      tokens += Math.ceil(run.length / perToken);
      return " ";
    });
  add(SIGNS, 1, add(DIGITS, DIGITS_PER_TOKEN, add(OTHER, OTHER_LETTERS, add(LATIN, LATIN_LETTERS, add(DENSE, 1, text)))));
  return tokens;
}
