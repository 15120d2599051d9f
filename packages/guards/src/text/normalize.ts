import type { TextView } from "../prepared-text.ts";
import { openLookAlikes } from "./confusables.ts";
import { INVISIBLE } from "./invisible.ts";
import { createViewBuilder, sameView, stackViews, type ViewBuilder } from "./view-builder.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is a range of characters that begins with controls.
const NOT_ASCII = /[^\x00-\x7f]/;
/** At most 256 characters at a time, with the ASCII letter before, which an accent may belong to. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const RUN = /[\x00-\x7f]?[^\x00-\x7f]{1,256}/gu;
/** One character and the marks on it. More than 32 marks are read separately, so that sorting them costs little. */
const CHARACTER = /[\s\S](?:\p{M}|[\u1161-\u11ff]){0,32}/gu;
const UNSEEN = new RegExp(`[${INVISIBLE}]`, "gu");
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63]/gu;
/** The zeros of decimal digits in other scripts. */
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0];
const OTHER_DIGITS = /(?![0-9])\p{Nd}/gu;
const SPECIAL = new RegExp(`[${INVISIBLE}]|${DASHES.source}|${OTHER_DIGITS.source}`, "u");

/** The text in its plainest form: NFKC without characters that take no room, Latin for look-alikes, spaced letters joined. */
export function normalizeText(text: string): TextView {
  const plain = NOT_ASCII.test(text) ? plainForm(text) : sameView("normalized", text);
  return joinSpacedLetters(plain);
}

function plainForm(text: string): TextView {
  const builder = createViewBuilder(text);
  const lookAlikes = openLookAlikes(text);
  let from = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    builder.copy(from, index);
    from = index + run.length;
    const isPlain = !SPECIAL.test(run) && run.normalize("NFKC") === run && lookAlikes.hasNone(run, index);
    if (isPlain) builder.copy(index, from);
    else normalizeRun({ builder, run, index, toLatin: lookAlikes.replace });
  }
  builder.copy(from, text.length);
  return builder.build("normalized");
}

type RunToRead = {
  readonly builder: ViewBuilder;
  readonly run: string;
  readonly index: number;
  readonly toLatin: (piece: string, at: number) => string;
};

function normalizeRun({ builder, run, index, toLatin }: RunToRead): void {
  for (const { 0: character, index: place } of run.matchAll(CHARACTER)) {
    const start = index + place;
    const end = start + character.length;
    const plain = toLatin(character.replaceAll(UNSEEN, ""), start)
      .normalize("NFKC")
      .replaceAll(DASHES, "-")
      .replaceAll(OTHER_DIGITS, digitOf);
    if (plain === character) builder.copy(start, end);
    else builder.replace({ start, end }, plain);
  }
}

function digitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? sign : String(code - zero);
}

/** Four letters or more with the same sign between them: `i g n o r e`, `i.g.n.o.r.e`. */
const SPACED = /(?<![\p{L}\p{N}])\p{L}([ .*_-])\p{L}(?:\1\p{L}){2,200}(?![\p{L}\p{N}])/gu;
/** Says quickly that most texts have none. */
const MAYBE_SPACED = /[ .*_-][^\s.*_-][ .*_-][^\s.*_-][ .*_-]/;

function joinSpacedLetters(view: TextView): TextView {
  const { text } = view;
  if (!MAYBE_SPACED.test(text)) return view;
  const builder = createViewBuilder(text);
  let from = 0;
  for (const { 0: spaced, index, 1: sign = " " } of text.matchAll(SPACED)) {
    builder.copy(from, index);
    from = index + spaced.length;
    builder.replace({ start: index, end: from }, spaced.replaceAll(sign, ""));
  }
  if (from === 0) return view;
  builder.copy(from, text.length);
  return stackViews(view, builder.build("normalized"));
}
