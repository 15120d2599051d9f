import { repeats } from "./gopher.ts";
import { count, type Parts, share } from "./words.ts";

const SENTENCE_END = /[.?!"'”’。！？]\s*$/;
const ELLIPSIS_END = /(?:\.\.\.|…)\s*$/;
const CITATION = /\[\d*\]|\[edit\]|\[citation needed\]/g;
const POLICIES = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];
const [FEWEST_WORDS, LONGEST_WORD, SHORT_LINE] = [3, 1_000, 30];

/** Raffel et al. 2020 (C4): how many sentences are left of the lines that are worth keeping, and what speaks against the whole. */
export const measureC4 = ({ text, lines }: Parts) => ({
  sentences: sentencesOf(cleanLines(lines)),
  loremIpsum: count(text.toLowerCase(), "lorem ipsum"),
  curlyBrackets: count(text, "{"),
});

/**
 * The lines that C4 retains: whole sentences of at least three words that are not notices of a web page, without
 * citation marks.
 */
export const cleanLines = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim().replace(CITATION, "")).filter(isWorthKeeping);

function isWorthKeeping(line: string): boolean {
  if (!SENTENCE_END.test(line) || ELLIPSIS_END.test(line)) return false;
  const words = line.split(/\s+/);
  if (words.length < FEWEST_WORDS || words.some((word) => word.length > LONGEST_WORD)) return false;
  const lower = line.toLowerCase();
  return !lower.includes("javascript") && !POLICIES.some((policy) => lower.includes(policy));
}

/** A sentence ends at its mark before a space and at the end of its line. */
const sentencesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + (line.match(/[.?!]["'”’)]*(?=\s+\S)/g)?.length ?? 0) + 1, 0);

/** Penedo et al. 2024 (FineWeb). */
export function measureFineWeb({ text, words, lines }: Parts) {
  const filled = lines.filter((line) => line.trim() !== "");
  return {
    sentenceLineShare: share(lines.filter((line) => SENTENCE_END.test(line)).length, lines.length),
    shortLineShare: share(lines.filter((line) => line.length <= SHORT_LINE).length, lines.length),
    repeatedLineCharacters: share(repeats(filled).characters, text.replaceAll("\n", "").length),
    newlinesPerWord: share(count(text, "\n"), words.length),
  };
}

const URL = /\bhttps?:\/\/\S+/g;
const BOILERPLATE = [
  "terms of use",
  "privacy policy",
  "cookie policy",
  "uses cookies",
  "use of cookies",
  "use cookies",
  "all rights reserved",
  "subscribe to our newsletter",
  "sign up",
  "log in",
];

/** The heuristics of NeMo Curator that the others do not have. Shares are of characters, but of boilerplate, which is of paragraphs. */
export function measureNemo({ text, paragraphs }: Parts) {
  const of = (pattern: RegExp) => share(text.match(pattern)?.length ?? 0, text.length);
  const urls = (text.match(URL) ?? []).reduce((sum, url) => sum + url.length, 0);
  const isBoilerplate = (paragraph: string) => BOILERPLATE.some((phrase) => paragraph.toLowerCase().includes(phrase));
  return {
    symbolCharacters: of(/[^\p{L}\p{M}\p{N}\s]/gu),
    digitCharacters: of(/\p{Nd}/gu),
    urlCharacters: share(urls, text.length),
    spaceCharacters: of(/\s/g),
    parenthesisCharacters: of(/[()]/g),
    boilerplateShare: share(paragraphs.filter(isBoilerplate).length, paragraphs.length),
  };
}
