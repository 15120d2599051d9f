/** Letters that look like a Latin letter, from the table of Unicode TS 39: Cyrillic, Greek, Armenian and IPA. */
const PAIRS =
  "аa еe оo рp сc уy хx ѕs іi јj ԁd һh ӏl ԛq ԝw ѵv АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ԌG ԚQ ԜW Ӏl " +
  "оo αa οo νv ρp ιi κk υu ϳj ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ͿJ օo սu հh ցg ոn ɑa ɡg ıi ɩi ʏy ѐe ѝu";
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  PAIRS.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)]),
);
const ANY = new RegExp(`[${[...LOOK_ALIKES.keys()].join("")}]`, "u");
const ALL = new RegExp(ANY.source, "gu");
/** Letters of these alphabets that look like no Latin letter: a text that has them is in this alphabet. */
const FOREIGN = new RegExp(`(?!${ANY.source})[\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Armenian}]`, "u");
const PART_OF_WORD = /[\p{L}\p{M}\p{N}\p{Cf}]/u;
const LONGEST_WORD = 64;

const ONE_WORD = /^.?[\p{L}\p{M}]*$/u;

/** Decides for a text which of its letters stand for a Latin letter, and replaces these. */
export function openLookAlikes(text: string): LookAlikes {
  if (!ANY.test(text)) return { replace: (piece) => piece, hasNone: () => true };
  const isForeign = FOREIGN.test(text);
  let known = { end: -1, isLatin: false };
  const isLatin = (at: number) => {
    if (at >= known.end) known = readWord(text, at, isForeign);
    return known.isLatin;
  };
  return {
    replace(piece, at) {
      if (!ANY.test(piece) || !isLatin(at)) return piece;
      return piece.replaceAll(ALL, (letter) => LOOK_ALIKES.get(letter) ?? letter);
    },
    hasNone: (run, at) => !ANY.test(run) || (ONE_WORD.test(run) && !isLatin(run.charCodeAt(0) < 128 ? at + 1 : at)),
  };
}

type LookAlikes = {
  /** The piece at a place with Latin letters for its look-alikes. */
  replace(piece: string, at: number): string;
  /** Whether that would surely change nothing. */
  hasNone(run: string, at: number): boolean;
};

/**
 * A word of two alphabets pretends to be Latin. A word of look-alikes only does so too, unless the text is written in
 * their alphabet.
 */
function readWord(text: string, at: number, isForeign: boolean) {
  let [start, end] = [at, at];
  while (start > 0 && at - start < LONGEST_WORD && PART_OF_WORD.test(text.charAt(start - 1))) start--;
  while (end < text.length && end - at < LONGEST_WORD && PART_OF_WORD.test(text.charAt(end))) end++;
  const word = text.slice(start, end);
  const isLatin = /[A-Za-z]/.test(word) || !(isForeign || FOREIGN.test(word));
  return { end: Math.max(end, at + 1), isLatin };
}
