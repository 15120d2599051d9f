import { isFunctional } from "./english-words.ts";
import { foldText } from "./fold-text.ts";
import { withoutCourtesy } from "./split-words.ts";
import { takeLiterals } from "./take-literals.ts";

/** Indented lines are code, in which spaces and case count. */
const INDENTED = /\n(?: {2,}|\t)\s*\S/;
/** `5!` is a factorial. */
const END = /(?:[.?…。？！\s]|(?<![\p{N})])!)+$/u;

/**
 * A text that is equal for two questions that differ only in Unicode form, case, spaces and the punctuation at the end.
 * Code and quotations count character by character.
 */
export function normalizeQuestion(text: string): string {
  if (INDENTED.test(text)) return JSON.stringify([text.trimEnd()]);
  const { rest, literals } = takeLiterals(text);
  return JSON.stringify([toLowerCase(foldText(rest).replace(END, "")), ...literals]);
}

/** Lower case, except for names such as US and WHO, which would become other words. */
function toLowerCase(text: string): string {
  if (!/\p{Ll}/u.test(text)) return text.toLowerCase();
  return text.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) => {
    const lower = word.toLowerCase();
    return /^\p{Lu}{2,}$/u.test(word) && isFunctional(lower) ? word : lower;
  });
}

/** The text whose vector is compared: polite words, case and the punctuation at the end only add distance. */
export const textToEmbed = (text: string): string =>
  withoutCourtesy(foldText(text)).replace(END, "").toLowerCase() || text;
