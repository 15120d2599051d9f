/** How the words of a language become terms. All rules are optional: a language without rules has words and lower case only. */
export type LanguageRules = {
  /** The algorithm of the package `snowball-stemmers`. */
  readonly stemmer?: string;
  /** The list of the package `stopword`, by its exported name. */
  readonly stopWords?: string;
  /** Letters of a stem in a language without a stemmer: longer words are cut to this length. */
  readonly stemLength?: number;
  /** Removes accents from stems. Off where an accented letter is a letter in its own right, such as å in Swedish. */
  readonly folds?: boolean;
  /** Counts a pair of letters twice where the dictionary of ICU has it as a word. */
  readonly repeatsPairs?: boolean;
  /** What an apostrophe does: ends the stem (Turkish suffixes), or starts the word (French and Italian articles). */
  readonly apostrophe?: "ends" | "starts";
};

/**
 * Rules by ISO 639-1 code. Stop words and stem lengths are those that found more answers in xquad's paragraphs; German and
 * Thai have no stop words, because queries found more with all words.
 */
export const LANGUAGE_RULES: Readonly<Record<string, LanguageRules>> = {
  af: { stopWords: "afr", folds: true },
  ar: { stemmer: "arabic", stopWords: "ara", folds: true },
  bg: { stopWords: "bul", stemLength: 6 },
  bn: { stopWords: "ben", stemLength: 6 },
  br: { stopWords: "bre", folds: true },
  ca: { stemmer: "catalan", stopWords: "cat", folds: true, apostrophe: "starts" },
  cs: { stemmer: "czech", stopWords: "ces", folds: true },
  da: { stemmer: "danish", stopWords: "dan" },
  de: { stemmer: "german", folds: true },
  el: { stopWords: "ell", stemLength: 6, folds: true },
  en: { stemmer: "english", stopWords: "eng", folds: true },
  eo: { stopWords: "epo" },
  es: { stemmer: "spanish", stopWords: "spa", folds: true },
  et: { stopWords: "est", stemLength: 6 },
  eu: { stemmer: "basque", stopWords: "eus", folds: true },
  fa: { stopWords: "fas", folds: true },
  fi: { stemmer: "finnish", stopWords: "fin" },
  fr: { stemmer: "french", stopWords: "fra", folds: true, apostrophe: "starts" },
  ga: { stemmer: "irish", stopWords: "gle", folds: true },
  gl: { stopWords: "glg", stemLength: 6, folds: true },
  gu: { stopWords: "guj", stemLength: 6 },
  ha: { stopWords: "hau" },
  he: { stopWords: "heb" },
  hi: { stopWords: "hin", stemLength: 5 },
  hr: { stopWords: "hrv", stemLength: 6, folds: true },
  hu: { stemmer: "hungarian", stopWords: "hun" },
  hy: { stemmer: "armenian", stopWords: "hye" },
  id: { stopWords: "ind" },
  it: { stemmer: "italian", stopWords: "ita", folds: true, apostrophe: "starts" },
  ja: {},
  ko: {},
  la: { stopWords: "lat", stemLength: 6, folds: true },
  lt: { stopWords: "lit", stemLength: 6, folds: true },
  lv: { stopWords: "lav", stemLength: 6, folds: true },
  mr: { stopWords: "mar", stemLength: 6 },
  ms: { stopWords: "msa" },
  my: { stopWords: "mya" },
  nl: { stemmer: "dutch", stopWords: "nld", folds: true },
  no: { stemmer: "norwegian", stopWords: "nob" },
  pa: { stopWords: "panGu", stemLength: 6 },
  pl: { stopWords: "pol", stemLength: 6, folds: true },
  pt: { stemmer: "portuguese", stopWords: "por", folds: true },
  ro: { stemmer: "romanian", stopWords: "ron", folds: true },
  ru: { stemmer: "russian", stopWords: "rus", folds: true },
  sk: { stopWords: "slk", stemLength: 6, folds: true },
  sl: { stemmer: "slovene", stopWords: "slv", folds: true },
  so: { stopWords: "som" },
  sr: { stemLength: 6, folds: true },
  sv: { stemmer: "swedish", stopWords: "swe" },
  sw: { stopWords: "swa" },
  ta: { stemmer: "tamil" },
  th: {},
  tl: { stopWords: "tgl" },
  tr: { stemmer: "turkish", stopWords: "tur", folds: true, apostrophe: "ends" },
  uk: { stopWords: "ukr", stemLength: 6, folds: true },
  ur: { stopWords: "urd" },
  vi: { stopWords: "vie" },
  yo: { stopWords: "yor" },
  zh: { repeatsPairs: true },
  zu: { stopWords: "zul" },
};

/** Other codes of the same languages: ISO 639-3, and languages that share the rules of another language. */
const SAME_RULES: Readonly<Record<string, string>> = {
  ara: "ar",
  arz: "ar",
  bos: "hr",
  bs: "hr",
  ces: "cs",
  cmn: "zh",
  dan: "da",
  deu: "de",
  ell: "el",
  eng: "en",
  fas: "fa",
  fil: "tl",
  fin: "fi",
  fra: "fr",
  heb: "he",
  hin: "hi",
  hrv: "hr",
  hun: "hu",
  ind: "id",
  ita: "it",
  jpn: "ja",
  kor: "ko",
  nb: "no",
  nld: "nl",
  nn: "no",
  nno: "no",
  nob: "no",
  nor: "no",
  pol: "pl",
  por: "pt",
  ron: "ro",
  rus: "ru",
  sh: "hr",
  spa: "es",
  srp: "sr",
  swe: "sv",
  tha: "th",
  tur: "tr",
  ukr: "uk",
  vie: "vi",
  wuu: "zh",
  yue: "zh",
  zho: "zh",
};

/** The language of texts for which no rules are known. */
export const UNKNOWN_LANGUAGE = "unknown";

/** ISO 639-1 codes of the languages with rules, and `unknown`. */
export const ANALYZED_LANGUAGES: readonly string[] = [...Object.keys(LANGUAGE_RULES), UNKNOWN_LANGUAGE];

/** The analyzed language of an ISO 639 code or a tag such as `pt-BR`; `unknown` if no rules are known, as for `und`. */
export function analyzedLanguage(code: string): string {
  const primary = code.trim().toLowerCase().split(/[-_]/, 1)[0] ?? "";
  const language = SAME_RULES[primary] ?? primary;
  return Object.hasOwn(LANGUAGE_RULES, language) ? language : UNKNOWN_LANGUAGE;
}
