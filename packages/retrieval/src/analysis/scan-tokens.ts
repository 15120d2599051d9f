/** A token's kind decides how it becomes terms: written without spaces (`ideographs`, `unspaced`), or a word. */
type TokenKind = "word" | "ideographs" | "unspaced";

type ReadToken = (token: string, start: number, kind: TokenKind) => void;

/** Chinese, Japanese and Korean letters, among them half-width forms. */
const IDEOGRAPHS = [
  "\\u1100-\\u11ff\\u3005-\\u3007\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3105-\\u312f\\u3131-\\u318e",
  "\\u31a0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\uff66-\\uffdc\\u{20000}-\\u{323af}",
].join("");
/** Thai, Lao, Burmese and Khmer letters, marks and digits. */
const UNSPACED =
  "\\u0e01-\\u0e4e\\u0e50-\\u0e59\\u0e81-\\u0edf\\u1000-\\u1049\\u1050-\\u109f\\u1780-\\u17d3\\u17e0-\\u17e9";
const LETTER = `[[\\p{L}\\p{M}\\p{N}]--[${IDEOGRAPHS}${UNSPACED}]]`;
/** What may stand between the letters of a word: apostrophes, hyphens, dots and underscores, and commas between digits. */
const JOINER = "(?:[.'’_·\\-‐‑]|__+|(?<=\\d),(?=\\d))";
const PROGRAMMING_LANGUAGE = `[A-Za-z](?:\\+\\+|#)(?!${LETTER})`;

const TOKENS = new RegExp(
  `([${IDEOGRAPHS}]+)|([${UNSPACED}]+)|${PROGRAMMING_LANGUAGE}|${LETTER}+(?:${JOINER}${LETTER}+)*`,
  "gv",
);

/** Calls `read` with each token of a text, in order. `start` is a UTF-16 offset. */
export function scanTokens(text: string, read: ReadToken): void {
  for (const match of text.matchAll(TOKENS)) {
    const kind = match[1] !== undefined ? "ideographs" : match[2] !== undefined ? "unspaced" : "word";
    read(match[0], match.index, kind);
  }
}
