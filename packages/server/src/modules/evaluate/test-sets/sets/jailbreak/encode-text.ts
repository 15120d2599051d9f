const LEET: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
const CYRILLIC: Readonly<Record<string, string>> = { a: "а", c: "с", e: "е", o: "о", p: "р", x: "х", y: "у" };
const TAGS = 0xe0000;
const ZERO_WIDTH_SPACE = "\u200B";

const eachLetter = (text: string, change: (letter: string) => string) => Array.from(text, change).join("");

export const toBase64 = (text: string) => Buffer.from(text).toString("base64");
export const toHex = (text: string) => Buffer.from(text).toString("hex");
export const toLeet = (text: string) => eachLetter(text, (letter) => LEET[letter.toLowerCase()] ?? letter);
export const toReversed = (text: string) => Array.from(text).reverse().join("");

/** Letters moved by thirteen places of the alphabet. */
export const toRot13 = (text: string) =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const first = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });

/** A sign that takes no room after each letter, which parts the words for a filter and not for an eye. */
export const toZeroWidth = (text: string) => text.replaceAll(/\p{L}/gu, (letter) => letter + ZERO_WIDTH_SPACE);

/** Cyrillic letters that look like the Latin ones. */
export const toLookalikes = (text: string) => eachLetter(text, (letter) => CYRILLIC[letter] ?? letter);

/** Characters of the tag block, which are invisible and readable by a tokenizer. */
export const toTags = (text: string) => eachLetter(text, (letter) => String.fromCodePoint(TAGS + letter.charCodeAt(0)));
