import { createBoundedCache } from "./bounded-cache.ts";
import { analyzedLanguage, LANGUAGE_RULES, type LanguageRules, UNKNOWN_LANGUAGE } from "./languages.ts";
import { scanTokens } from "./scan-tokens.ts";
import { splitWord } from "./split-word.ts";
import { createStemmer } from "./stem-word.ts";
import { stopWordsOf } from "./stop-words.ts";

/** Changes whenever the same text gives other terms. It is stored with each segment: terms of two versions do not match. */
export const ANALYSIS_VERSION = "1";

/** A term and the place of its word in the text, in UTF-16 offsets. The parts of a word have the place of the word. */
export type TermSpan = { readonly term: string; readonly start: number; readonly end: number };

export type Analyzer = {
  /** The language whose rules apply, from `ANALYZED_LANGUAGES`. */
  readonly language: string;
  /** The terms to index, in order, with repetitions and stop words. */
  terms(text: string): string[];
  /** The same terms with their places, for example to highlight the words that a query found. */
  spans(text: string): TermSpan[];
  /** The distinct terms to search for, without stop words. If all words are stop words, all of them stay. */
  query(text: string): string[];
};

/** Words whose terms an analyzer remembers: about 10 MB. */
const CACHED_WORDS = 50_000;
/** Longer words are data such as base64 and fill the cache with words that never come again. */
const LONGEST_CACHED = 40;
/** Longer words are cut: no one searches for more letters. */
const LONGEST_TERM = 64;

type WordTerms = { readonly terms: readonly string[]; readonly isStopWord: boolean };
type OnWord = (word: WordTerms, start: number, end: number) => void;

const PAIR = 2;

/** Rules for texts in an unknown language: accents are removed, so that words match however they are typed. */
const UNKNOWN_RULES: LanguageRules = { folds: true };

/**
 * Turns texts of a language into terms. Words in NFKC and lower case are stemmed; Chinese, Japanese and Korean become
 * pairs of letters; Thai, Lao, Burmese and Khmer are split by ICU; identifiers give their parts and the whole.
 * @param code an ISO 639 code or a language tag. Codes without rules are analyzed as `unknown`.
 */
export function createAnalyzer(code: string): Analyzer {
  const language = analyzedLanguage(code);
  const scan = createScan(language);
  return {
    language,
    terms(text) {
      const all: string[] = [];
      scan(text, ({ terms }) => {
        for (const term of terms) all.push(term);
      });
      return all;
    },
    spans(text) {
      const all: TermSpan[] = [];
      scan(text, ({ terms }, start, end) => {
        for (const term of terms) all.push({ term, start, end });
      });
      return all;
    },
    query: (text) => queryTerms(scan, text),
  };
}

type Scan = (text: string, onWord: OnWord) => void;

/** Reads the words of a text in order. */
function createScan(language: string): Scan {
  const rules = LANGUAGE_RULES[language] ?? UNKNOWN_RULES;
  const readWord = createWordReader(language, rules);
  const segmenter = new Intl.Segmenter(language === UNKNOWN_LANGUAGE ? "th" : language, { granularity: "word" });
  return (text, onWord) =>
    scanTokens(text, (token, start, kind) => {
      if (kind === "word") return onWord(readWord(token), start, start + token.length);
      if (kind === "ideographs") readPairs(token, start, onWord);
      if (kind === "ideographs" && !rules.repeatsPairs) return;
      for (const { segment, index, isWordLike } of segmenter.segment(token)) {
        const counts = kind === "ideographs" ? segment.length === PAIR : isWordLike;
        if (counts) onWord(readWord(segment), start + index, start + index + segment.length);
      }
    });
}

function queryTerms(scan: Scan, text: string): string[] {
  const [all, content] = [new Set<string>(), new Set<string>()];
  scan(text, ({ terms, isStopWord }) => {
    for (const term of terms) {
      all.add(term);
      if (!isStopWord) content.add(term);
    }
  });
  return [...(content.size > 0 ? content : all)];
}

/** Pairs of neighbouring letters; a single letter is a term. */
function readPairs(token: string, start: number, onWord: OnWord): void {
  const letters = Array.from(token.normalize("NFKC"));
  const keepsPlaces = letters.join("") === token;
  let at = start;
  const last = Math.max(1, letters.length - 1);
  for (let i = 0; i < last; i++) {
    const first = letters[i] ?? "";
    const pair = first + (letters[i + 1] ?? "");
    const end = keepsPlaces ? at + pair.length : start + token.length;
    onWord({ terms: [pair], isStopWord: false }, keepsPlaces ? at : start, end);
    at += first.length;
  }
}

function createWordReader(language: string, rules: LanguageRules): (word: string) => WordTerms {
  const stem = createStemmer(rules);
  const stopWords = stopWordsOf(rules);
  const cache = createBoundedCache<WordTerms>(CACHED_WORDS);
  const lower = (word: string) => (language === "tr" ? word.toLocaleLowerCase("tr") : word.toLowerCase());

  const analyze = (raw: string): WordTerms => {
    const word = raw.normalize("NFKC").replaceAll("’", "'");
    const whole = lower(word);
    const parts = splitWord(trimApostrophe(word, rules)).map((part) =>
      stem(lower(part).slice(0, LONGEST_TERM)).toWellFormed(),
    );
    return { terms: parts.filter(Boolean), isStopWord: stopWords.has(whole) };
  };
  return (raw) => {
    if (raw.length > LONGEST_CACHED) return analyze(raw);
    const cached = cache.get(raw);
    if (cached) return cached;
    const terms = analyze(raw);
    cache.set(raw, terms);
    return terms;
  };
}

/** Articles before an apostrophe have few letters: l', dell', jusqu'. */
const LONGEST_ARTICLE = 6;

/** Removes what is not the word: an article before the apostrophe, or a suffix after it. */
function trimApostrophe(word: string, { apostrophe }: LanguageRules): string {
  const at = word.indexOf("'");
  if (at < 0) return word;
  if (apostrophe === "ends") return word.slice(0, at);
  if (apostrophe === "starts" && at <= LONGEST_ARTICLE) return word.slice(at + 1);
  return word.replace(/'s$/i, "").replaceAll("'", "");
}
