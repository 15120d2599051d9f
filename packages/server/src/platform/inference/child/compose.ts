/** A character with accents, a kana with its sound mark, or the parts of a Hangul syllable. */
const DECOMPOSED =
  /\P{M}[\u0300-\u036f]+|[\u3046-\u30fd][\u3099\u309a]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?/gu;

/**
 * Puts characters together that some programs write in parts: vocabularies hold "é" and not "e" with an accent. Other marks stay as they
 * are, because `normalize` would also change the order of Arabic and Hebrew vowel signs, which vocabularies hold in the written order.
 */
export const compose = (text: string): string => text.replace(DECOMPOSED, (part) => part.normalize("NFC"));
