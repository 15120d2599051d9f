import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { isSpace } from "../text/white-space.ts";

/** The natural logarithms of the probabilities of a text's tokens, and the text, whose words and bytes are counted. */
export type ScoredText = { readonly logProbabilities: readonly number[]; readonly text: string };

/** What perplexity is per. Only bytes compare across tokenizers. */
export type PerplexityUnit = "token" | "word" | "byte";

const PLACE = { token: 1, word: 2, byte: 3 } as const;

/** [Σ ln p, tokens, words, bytes] of one text. The stats of many add up. */
export function likelihoodStats({ logProbabilities, text }: ScoredText): number[] {
  const wrong = logProbabilities.find((value) => !(value <= 0));
  if (wrong !== undefined) throw new RangeError(`${wrong} is no logarithm of a probability: it must not be above 0.`);
  const sum = logProbabilities.reduce((all, value) => all + value, 0);
  return [sum, logProbabilities.length, countWords(text), countBytes(text)];
}

/** exp(−Σ ln p / units) from the stats of one text or the sum over many. */
export function perplexityFromStats(stats: readonly number[], per: PerplexityUnit): Measured {
  const signature = signatureOf("perplexity", { per });
  const rate = lossPer(stats, per);
  return typeof rate === "string" ? undefinedBecause(rate, signature) : defined(Math.exp(rate), signature);
}

/** −Σ ln p / (bytes·ln 2) from the stats of one text or the sum over many. */
export function bitsPerByteFromStats(stats: readonly number[]): Measured {
  const signature = signatureOf("bits_per_byte");
  const rate = lossPer(stats, "byte");
  return typeof rate === "string" ? undefinedBecause(rate, signature) : defined(rate / Math.LN2, signature);
}

/** Perplexity over all tokens of the texts together, which is not the mean of the texts' perplexities. */
export function perplexity(texts: readonly ScoredText[], per: PerplexityUnit): Measured {
  return perplexityFromStats(sumOf(texts), per);
}

/** The bits that a byte of the texts costs. */
export function bitsPerByte(texts: readonly ScoredText[]): Measured {
  return bitsPerByteFromStats(sumOf(texts));
}

/** The loss of a unit, or why there is none. */
function lossPer(stats: readonly number[], per: PerplexityUnit): number | string {
  const sum = stats[0] ?? 0;
  const units = stats[PLACE[per]] ?? 0;
  if (units === 0) return `There is no ${per}.`;
  if (sum === Number.NEGATIVE_INFINITY) return "A token has the probability 0, so the text cannot occur.";
  return -sum / units;
}

function sumOf(texts: readonly ScoredText[]): number[] {
  const total = [0, 0, 0, 0];
  for (const text of texts)
    for (const [at, value] of likelihoodStats(text).entries()) total[at] = (total[at] ?? 0) + value;
  return total;
}

/** What Python's `re.split(r"\s+", text)` gives, as lm-evaluation-harness counts words: white space at an end adds one. */
function countWords(text: string): number {
  let words = 1;
  let wasSpace = false;
  for (let at = 0; at < text.length; at += 1) {
    const isGap = isSpace(text.charCodeAt(at));
    if (isGap && !wasSpace) words += 1;
    wasSpace = isGap;
  }
  return words;
}

/** Bytes of UTF-8; a lone surrogate counts as the three of the character that stands for it. */
function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
