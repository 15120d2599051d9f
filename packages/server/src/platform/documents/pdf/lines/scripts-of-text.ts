/** Scripts that put no spaces between words. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff00-\uffef]/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\ufb1d-\ufdff\ufe70-\ufefc]/u;
const LETTER = /\p{L}/u;

export const isSpaceless = (text: string) => SPACELESS.test(text);
export const isRightToLeft = (text: string) => RIGHT_TO_LEFT.test(text);

/** Whether most letters are written from right to left. */
export function readsRightToLeft(text: string): boolean {
  let balance = 0;
  for (const character of text) {
    if (LETTER.test(character)) balance += isRightToLeft(character) ? 1 : -1;
  }
  return balance > 0;
}

/** Ligatures and the shapes of Arabic letters, which Unicode holds for old encodings only. */
const PRESENTATION = /[\ufb00-\ufdff\ufe70-\ufefc]/gu;
/** Bullets of Symbol and Wingdings, which have no character of their font's encoding. */
const PRIVATE_BULLETS = /[\uf0b7\uf0a7\uf076\uf0d8\uf0fc]/g;

/** The characters of a glyph as people type them: ﬁ becomes fi. Superscripts and full-width letters stay. */
export const plainCharacters = (text: string) =>
  text.replace(PRESENTATION, (character) => character.normalize("NFKC")).replace(PRIVATE_BULLETS, "•");
