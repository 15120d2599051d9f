/** The longest secret in one piece, and the longest encoded run that is decoded in a stream. */
export const LONGEST_RUN = 8_500;

/**
 * Signs that a token, an address or an encoded run may consist of. Spaces end it, and so do letters of scripts that put no spaces
 * between words: a stream in these scripts would not move otherwise.
 */
const RUN_END =
  /[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]{1,8500}$/;
/** Letters with the same sign between them, which the normalized text joins: `i g n o r e`. */
const SPACED_END = /(?<![\p{L}\p{N}])(?:\p{L}([ .*_-])(?:\p{L}\1){0,200}\p{L}?)$/u;

/** The place from which more text can extend the last run of signs. The length of the text if it ends with a space. */
export const openRun = (text: string): number => {
  const run = RUN_END.exec(text.slice(-LONGEST_RUN))?.[0].length ?? 0;
  return text.length - run;
};

const SPACED_REACH = 410;

/** Like `openRun`, for a detector of phrases: the last words may begin one, and so may letters with spaces between them. */
export function openWords(text: string, count: number): number {
  let open = openRun(text);
  for (let left = count - 1; left > 0 && open > 0; left--) open = openRun(text.slice(0, open).trimEnd());
  const from = Math.max(0, text.length - SPACED_REACH);
  const spaced = SPACED_END.exec(text.slice(from));
  return Math.min(open, spaced ? from + spaced.index : text.length);
}
