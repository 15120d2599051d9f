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
  /** The keys of the claim's content words, the numbers among them, and the keys that the passage holds. */
  readonly keys: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly held: ReadonlySet<string>;
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
  const keys = new Set(words.map(({ key }) => key));
  const numbers = new Set(words.filter(({ isNumber }) => isNumber).map(({ key }) => key));
  const result = ({ start, end }: Span, found: Pick<Support, "score" | "reason" | "held">): Support => {
    const verified = found.reason === "quote" || found.reason === "overlap";
    return { start, end, verified, ...found, keys, numbers };
  };
  if (keys.size === 0) return result({ start: 0, end: 0 }, { score: 0, reason: "no-claim", held: keys });
  const exact = findQuote(claim, source);
  if (exact !== null) return result(exact, { score: 1, reason: "quote", held: keys });
  const passage = bestPassage({ keys, numbers, length: words.length, threshold }, source);
  const inPassage = source.words.slice(Math.max(0, passage.first), passage.last + 1).map(({ key }) => key);
  const held = new Set(inPassage.filter((key) => keys.has(key)));
  const reason = reasonOf(claim, passage, { source, threshold });
  return result(aroundPassage(passage, source), { score: passage.score, reason, held });
}

function reasonOf(
  claim: string,
  { score, hasNumbers }: Passage,
  { source, threshold }: { source: PreparedSource; threshold: number },
): SupportReason {
  if (quotations(claim).some((quoted) => findQuote(quoted, source) === null)) return "quote-missing";
  if (score < threshold) return "low-overlap";
  return hasNumbers ? "overlap" : "number-missing";
}

/**
 * The support of a source that is cited together with others. Each source then only has to hold half of the share, as long as all of
 * them together hold the whole share and every number: in "Cats sleep by day and dogs by night [1][2]" each source has one half.
 */
export function supportInGroup(own: Support, others: readonly Support[], threshold: number): Support {
  const canShare = own.reason === "low-overlap" || own.reason === "number-missing";
  if (!canShare || others.length === 0 || own.score < threshold / 2) return own;
  const held = new Set([own, ...others].flatMap((support) => [...support.held]));
  const share = [...own.keys].filter((key) => held.has(key)).length / own.keys.size;
  const isEnough = share >= threshold && [...own.numbers].every((key) => held.has(key));
  return isEnough ? { ...own, verified: true, reason: "overlap" } : own;
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

type Wanted = Pick<Support, "keys" | "numbers"> & { readonly length: number; readonly threshold: number };

/** The shortest window of words with the most of the claim; a window that supports the claim comes before all others. */
function bestPassage({ keys, numbers, length, threshold }: Wanted, { words }: PreparedSource): Passage {
  const width = Math.max(LEAST_WINDOW, WINDOW_FACTOR * length);
  const hits = [...words.keys()].filter((place) => keys.has(words[place]?.key ?? ""));
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
    const passage = { first: hits[low] ?? 0, last: place, score: counts.size / keys.size, hasNumbers };
    if (isBetter(passage, best, threshold)) best = passage;
  }
  return best;
}

function isBetter(a: Passage, b: Passage, threshold: number): boolean {
  const isSupport = ({ score, hasNumbers }: Passage) => hasNumbers && score >= threshold;
  if (isSupport(a) !== isSupport(b)) return isSupport(a);
  return a.score === b.score ? a.last - a.first < b.last - b.first : a.score > b.score;
}

/** The sentences around a passage, or its own words where they are long. */
function aroundPassage({ first, last }: Passage, { text, words }: PreparedSource): Span {
  const [start, end] = [words[first]?.start, words[last]?.end];
  if (start === undefined || end === undefined) return { start: 0, end: 0 };
  const sentences = sentencesOf(text).filter((sentence) => sentence.end > start && sentence.start < end);
  const wide = { start: sentences[0]?.start ?? start, end: sentences.at(-1)?.end ?? end };
  return wide.end - wide.start <= Math.max(LONGEST_SENTENCE, end - start) ? wide : { start, end };
}
