/** The letters and digits of a text alone, in lower case, and the place of each in the text. */
export type Squeezed = { readonly text: string; readonly places: Uint32Array };

const LETTER = /[\p{L}\p{N}]/u;

/** `signs` says for other characters, or instead of a digit, which letter they stand for. */
export function squeeze(text: string, signs: Readonly<Record<string, string>> = {}): Squeezed {
  const letters: string[] = [];
  const places = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    const letter = signs[sign] ?? (isLetter(sign) ? sign.toLowerCase().charAt(0) : "");
    if (letter === "") continue;
    places[letters.length] = at;
    letters.push(letter);
  }
  return { text: letters.join(""), places };
}

function isLetter(sign: string): boolean {
  const code = sign.charCodeAt(0);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  return LETTER.test(sign);
}
