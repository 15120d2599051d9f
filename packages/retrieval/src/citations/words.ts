import type { Span } from "../text/sentences.ts";

/** A word of a text. */
export type Word = Span & {
  /** What equal words share: the stem of a word, two characters of a script without spaces, or the value of a number. */
  readonly key: string;
  /** In lower case, as it is in the text. */
  readonly form: string;
  /** Whether it is written in digits. */
  readonly isNumber: boolean;
};

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]+/gu;
const DIGITS_OR_REST = /\d[\d.,]*|[^\d]+/g;
const ORDINAL = /^(\d+)(?:st|nd|rd|th)$/;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const NUMBER_WORDS = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value) => [word, `#${value}`]),
);

/**
 * The words of a text in order. Scripts without spaces give every pair of neighbouring characters, because a dictionary can divide the
 * same words differently in two texts.
 */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let place = 0;
  for (const { 0: run, index } of text.matchAll(UNSPACED)) {
    pushSpaced(words, text, { start: place, end: index });
    pushPairs(words, run, index);
    place = index + run.length;
  }
  pushSpaced(words, text, { start: place, end: text.length });
  return words;
}

function pushSpaced(words: Word[], text: string, { start, end }: Span): void {
  if (start === end) return;
  for (const { segment, index, isWordLike } of WORDS.segment(text.slice(start, end))) {
    if (!isWordLike) continue;
    const form = westernDigits(segment.normalize("NFKC").toLowerCase());
    const parts =
      /\d/.test(form) && !ORDINAL.test(form) ? [...form.matchAll(DIGITS_OR_REST)].map(([part]) => part) : [form];
    for (const part of parts) {
      const word = { form: part, ...keyOf(part) };
      if (word.key !== "") words.push({ ...word, start: start + index, end: start + index + segment.length });
    }
  }
}

function pushPairs(words: Word[], run: string, start: number): void {
  const characters = [...run];
  let place = start;
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const form = (character + (next ?? "")).normalize("NFKC");
    if (next !== undefined || index === 0)
      words.push({
        form,
        key: form,
        isNumber: false,
        start: place,
        end: place + character.length + (next?.length ?? 0),
      });
    place += character.length;
  }
}

/** Arabic and Persian digits as 0 to 9. */
const westernDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));

function keyOf(form: string): Pick<Word, "key" | "isNumber"> {
  const ordinal = ORDINAL.exec(form)?.[1];
  const digits = ordinal ?? form;
  if (/^\d/.test(digits)) {
    const value = Number(
      THOUSANDS.test(digits) ? digits.replaceAll(",", "") : digits.replace(",", ".").replace(/[.,]+$/, ""),
    );
    return { key: `#${Number.isNaN(value) ? digits : value}`, isNumber: true };
  }
  return { key: NUMBER_WORDS.get(form) ?? stemOf(form), isNumber: false };
}

/** A word without marks and common English endings. It only has to give the same for forms of a word. */
function stemOf(form: string): string {
  const plain = form
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/^_+|_+$/g, "")
    .replace(/['’]s$|['’]/g, "");
  if (plain.length < 4 || !/^[a-z]+$/.test(plain)) return plain;
  const stem = plain
    .replace(/ies$|ied$/, "y")
    .replace(/(?<=.{3})(?:ing|ed|es|s|ly)$/, (ending, place: number) =>
      ending === "s" && plain[place - 1] === "s" ? "s" : "",
    )
    .replace(/(?<=.{2})([b-df-hj-kmnp-rtv-z])\1$/, "$1");
  return stem.replace(/(?<=.{3})e$/, "");
}
