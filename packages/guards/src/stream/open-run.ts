/** The longest secret in one piece, and the longest encoded run that is decoded in a stream. */
export const LONGEST_RUN = 8_500;

/** Letters of scripts that put no spaces between words: a stream in these scripts would not move if they went on a run. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]/;
const FIRST_UNSPACED = 0xe00;
const SPACE = /\s/;
const isSpace = (code: number) =>
  code === 32 || (code >= 9 && code <= 13) || (code >= 160 && SPACE.test(String.fromCharCode(code)));
const endsRun = (code: number) => isSpace(code) || (code >= FIRST_UNSPACED && UNSPACED.test(String.fromCharCode(code)));

/** The start of the run of signs before a place: those that a token, an address or an encoded run may consist of. */
export function startOfRun(text: string, end: number): number {
  const first = Math.max(0, end - LONGEST_RUN);
  let start = end;
  while (start > first && !endsRun(text.charCodeAt(start - 1))) start--;
  return start;
}

/** The place from which more text can extend the last run of signs. The length of the text if it ends with a space. */
export const openRun = (text: string): number => startOfRun(text, text.length);

/** Like `openRun`, for a detector of phrases: the last words may begin one, and so may letters with spaces between them. */
export function openWords(text: string, count: number): number {
  let open = openRun(text);
  for (let left = count - 1; left > 0 && open > 0; left--) {
    while (open > 0 && endsRun(text.charCodeAt(open - 1))) open--;
    open = startOfRun(text, open);
  }
  return Math.min(open, openSpaced(text));
}

const SPACED_REACH = 410;
const LETTER = /\p{L}/u;
const isLetterAt = (text: string, place: number) => LETTER.test(text.charAt(place));

/** The start of letters with the same sign between them at the end, which the normalized text joins: `i g n o r e`. */
function openSpaced(text: string): number {
  const first = Math.max(0, text.length - SPACED_REACH);
  const last = text.length - 1;
  // The text ends with a letter and its sign, or with a sign and a letter.
  const signAt = isSign(text.charCodeAt(last)) ? last : last - 1;
  const sign = text.charCodeAt(signAt);
  if (!isSign(sign) || (signAt !== last && !isLetterAt(text, last))) return text.length;
  let start = text.length;
  for (let at = signAt; at > first && text.charCodeAt(at) === sign && isLetterAt(text, at - 1); at -= 2) start = at - 1;
  return start;
}

const SIGNS = new Set([..." .*_-"].map((sign) => sign.charCodeAt(0)));
const isSign = (code: number) => SIGNS.has(code);
