/** The maximum length of a text for a rule, so that one item does not delay the rest. */
const MOST_CHARACTERS = 1_000_000;

/** A text taken apart once for all rules. */
export type Parts = {
  readonly text: string;
  /** Words with their punctuation cut off at both ends; a sign of Chinese, Japanese or Thai counts as one. */
  readonly words: readonly string[];
  readonly lines: readonly string[];
  readonly paragraphs: readonly string[];
};

// Scripts without spaces between words are cut into their signs.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const BARE = /[\p{L}\p{M}\p{N}](?:.*[\p{L}\p{M}\p{N}])?/su;

export function takeApart(whole: string): Parts {
  const text = whole.length > MOST_CHARACTERS ? whole.slice(0, MOST_CHARACTERS) : whole;
  return {
    text,
    words: wordsOf(text),
    lines: text.split(/\r\n|[\n\r]/),
    paragraphs: text.trim().split(/\n{2,}/),
  };
}

/** Words that still contain a letter or digit without the punctuation around them. */
export const wordsOf = (text: string): string[] =>
  (text.match(WORD) ?? []).flatMap((word) => BARE.exec(word)?.[0] ?? []);

export const count = (text: string, part: string): number => text.split(part).length - 1;
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
