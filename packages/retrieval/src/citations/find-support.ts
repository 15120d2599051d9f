import { type Span, sentencesOf } from "../text/sentences.ts";
import { functionWordsOf } from "./function-words.ts";
import { type Normalised, normalise } from "./normalise.ts";
import { type Word, wordsOf } from "./words.ts";

/** Why a source supports a claim or does not. */
export type SupportReason =
  | "quote"
  | "overlap"
  | "low-overlap"
  | "number-missing"
  | "quote-missing"
  | "no-claim"
  | "unknown-source";

export type Support = Span & {
  readonly verified: boolean;
  /** From 0 to 1: the share of the claim's content words in the passage; 1 for a quote. */
  readonly score: number;
  readonly reason: SupportReason;
};

/** A source, read once for all claims. */
export type PreparedSource = {
  readonly text: string;
  readonly normalised: Normalised;
  readonly words: readonly Word[];
  readonly functionWords: ReadonlySet<string>;
};

/** Words between the first and last match of a claim, for each word of the claim. */
const WINDOW_FACTOR = 3;
const LEAST_WINDOW = 40;
/** A quotation of fewer words can be a name or irony, and does not have to be in the source. */
const LEAST_QUOTED_WORDS = 4;
const QUOTED = /"([^"\n]{8,600})"/g;
/** A longer sentence is not shown whole around the words that were found. */
const LONGEST_SENTENCE = 600;

export function prepareSource(text: string): PreparedSource {
  const words = wordsOf(text);
  return { text, normalised: normalise(text), words, functionWords: functionWordsOf(words.map(({ form }) => form)) };
}

/** The words of a claim that carry content, in the language of the source. */
export const contentWords = (claim: string, functionWords: ReadonlySet<string>): readonly Word[] =>
  wordsOf(claim).filter(({ form, isNumber }) => isNumber || !functionWords.has(form));

/**
 * The passage of a source that best supports a claim. It supports the claim if it holds it word for word, or enough of its content
 * words and all its numbers near each other. A quotation of four or more words inside the claim must be in the source word for word.
 */
export function findSupport(claim: string, source: PreparedSource, threshold: number): Support {
  const words = contentWords(claim, source.functionWords);
  if (words.length === 0) return { start: 0, end: 0, verified: false, score: 0, reason: "no-claim" };
  const exact = findQuote(claim, source);
  if (exact !== null) return { ...exact, verified: true, score: 1, reason: "quote" };
  const passage = bestPassage(words, source);
  const span = aroundPassage(passage, source);
  const { score } = passage;
  const failed = (reason: SupportReason): Support => ({ ...span, verified: false, score, reason });
  if (quotations(claim).some((quoted) => findQuote(quoted, source) === null)) return failed("quote-missing");
  if (score < threshold) return failed("low-overlap");
  return passage.hasNumbers ? { ...span, verified: true, score, reason: "overlap" } : failed("number-missing");
}

function findQuote(claim: string, { normalised }: PreparedSource): Span | null {
  const quote = normalise(claim).text.replace(/^[\s"'.,;:!?…。、-]+|[\s"'.,;:!?…。、-]+$/g, "");
  for (let at = normalised.text.indexOf(quote); at >= 0 && quote !== ""; at = normalised.text.indexOf(quote, at + 1)) {
    const end = at + quote.length;
    if (!isInsideWord(normalised.text, at) && !isInsideWord(normalised.text, end))
      return normalised.toOriginal({ start: at, end });
  }
  return null;
}

/** Whether a place divides a word or a number of a script with spaces. */
const isInsideWord = (text: string, place: number): boolean =>
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}]{2}/u.test(
    text.slice(Math.max(0, place - 1), place + 1),
  ) || /\d[.,]\d/.test(text.slice(Math.max(0, place - 2), place + 2));

const quotations = (claim: string): readonly string[] =>
  [...normalise(claim).text.matchAll(QUOTED)]
    .map(([, quoted = ""]) => quoted)
    .filter((quoted) => wordsOf(quoted).length >= LEAST_QUOTED_WORDS);

type Passage = { readonly first: number; readonly last: number; readonly score: number; readonly hasNumbers: boolean };

/** The shortest window of words with the most of the claim; one with all its numbers comes before others of the same share. */
function bestPassage(claim: readonly Word[], { words }: PreparedSource): Passage {
  const wanted = new Set(claim.map(({ key }) => key));
  const numbers = new Set(claim.filter(({ isNumber }) => isNumber).map(({ key }) => key));
  const width = Math.max(LEAST_WINDOW, WINDOW_FACTOR * claim.length);
  const hits = [...words.keys()].filter((place) => wanted.has(words[place]?.key ?? ""));
  const counts = new Map<string, number>();
  const keyAt = (hit: number): string => words[hits[hit] ?? -1]?.key ?? "";
  let best: Passage = { first: -1, last: -1, score: 0, hasNumbers: numbers.size === 0 };
  let low = 0;
  for (const [high, place] of hits.entries()) {
    counts.set(keyAt(high), (counts.get(keyAt(high)) ?? 0) + 1);
    while (place - (hits[low] ?? 0) >= width || (counts.get(keyAt(low)) ?? 0) > 1) {
      const left = (counts.get(keyAt(low)) ?? 0) - 1;
      if (left > 0) counts.set(keyAt(low), left);
      else counts.delete(keyAt(low));
      low += 1;
    }
    const hasNumbers = [...numbers].every((key) => counts.has(key));
    const passage = { first: hits[low] ?? 0, last: place, score: counts.size / wanted.size, hasNumbers };
    if (isBetter(passage, best)) best = passage;
  }
  return best;
}

const isBetter = (a: Passage, b: Passage): boolean =>
  a.score !== b.score
    ? a.score > b.score
    : a.hasNumbers !== b.hasNumbers
      ? a.hasNumbers
      : a.last - a.first < b.last - b.first;

/** The sentences around a passage, or its own words where they are long. */
function aroundPassage({ first, last }: Passage, { text, words }: PreparedSource): Span {
  const [start, end] = [words[first]?.start, words[last]?.end];
  if (start === undefined || end === undefined) return { start: 0, end: 0 };
  const sentences = sentencesOf(text).filter((sentence) => sentence.end > start && sentence.start < end);
  const wide = { start: sentences[0]?.start ?? start, end: sentences.at(-1)?.end ?? end };
  return wide.end - wide.start <= Math.max(LONGEST_SENTENCE, end - start) ? wide : { start, end };
}
