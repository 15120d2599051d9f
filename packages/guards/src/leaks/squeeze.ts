import { type LetterTable, textOfCodes } from "../text/map-letters.ts";

/** The letters and digits of a text alone, in lower case, and the place of each in the text. */
export type Squeezed = { readonly text: string; readonly places: Uint32Array };

const LETTER = /[\p{L}\p{N}]/u;

/** The table says what stands for each ASCII character, and leaves out what is no letter and no digit. */
export function squeeze(text: string, table: LetterTable): Squeezed {
  const codes = new Uint16Array(text.length);
  const places = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = code < 128 ? (table[code] ?? 0) : otherLetter(text.charAt(at));
    if (letter === 0) continue;
    places[length] = at;
    codes[length++] = letter;
  }
  return { text: textOfCodes(codes, length), places };
}

const otherLetter = (sign: string): number => (LETTER.test(sign) ? sign.toLowerCase().charCodeAt(0) : 0);
