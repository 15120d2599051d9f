import { measureGopher, measureRepetition } from "./gopher.ts";
import { measureC4, measureFineWeb, measureNemo } from "./web.ts";
import type { Parts } from "./words.ts";

/** The descriptions of the measures. Shares are from 0 to 1. */
export const MEASURES = {
  words: "Words",
  meanWordLength: "Average characters per word",
  hashShare: "Hash signs per word",
  ellipsisShare: "Ellipses per word",
  bulletLineShare: "Share of lines that start with a bullet",
  ellipsisLineShare: "Share of lines that end with an ellipsis",
  letterWordShare: "Share of words that contain a letter",
  stopWords: "Occurrences of the English words the, be, to, of, and, that, have, with",
  duplicateLineShare: "Share of repeated lines",
  duplicateParagraphShare: "Share of repeated paragraphs",
  duplicateLineCharacters: "Share of characters in repeated lines",
  duplicateParagraphCharacters: "Share of characters in repeated paragraphs",
  top2GramCharacters: "Share of characters in the most frequent pair of words",
  top3GramCharacters: "Share of characters in the most frequent run of 3 words",
  top4GramCharacters: "Share of characters in the most frequent run of 4 words",
  duplicate5GramCharacters: "Share of characters in repeated runs of 5 words",
  duplicate6GramCharacters: "Share of characters in repeated runs of 6 words",
  duplicate7GramCharacters: "Share of characters in repeated runs of 7 words",
  duplicate8GramCharacters: "Share of characters in repeated runs of 8 words",
  duplicate9GramCharacters: "Share of characters in repeated runs of 9 words",
  duplicate10GramCharacters: "Share of characters in repeated runs of 10 words",
  sentences: "Sentences in lines that the C4 rules keep",
  loremIpsum: "Occurrences of lorem ipsum",
  curlyBrackets: "Opening curly brackets",
  sentenceLineShare: "Share of lines that end with a sentence mark",
  shortLineShare: "Share of lines of at most 30 characters",
  repeatedLineCharacters: "Share of characters in repeated lines, without line breaks",
  newlinesPerWord: "Line breaks per word",
  symbolCharacters: "Share of characters that are not letters, digits or spaces",
  digitCharacters: "Share of characters that are digits",
  urlCharacters: "Share of characters in web addresses",
  spaceCharacters: "Share of characters that are spaces",
  parenthesisCharacters: "Share of characters that are parentheses",
  boilerplateShare: "Share of paragraphs with phrases such as privacy policy",
} as const;
export type Measure = keyof typeof MEASURES;
export type Limits = Readonly<Partial<Record<Measure, { readonly min?: number; readonly max?: number }>>>;

const GOPHER: Limits = {
  words: { min: 50, max: 100_000 },
  meanWordLength: { min: 3, max: 10 },
  hashShare: { max: 0.1 },
  ellipsisShare: { max: 0.1 },
  bulletLineShare: { max: 0.9 },
  ellipsisLineShare: { max: 0.3 },
  letterWordShare: { min: 0.8 },
  stopWords: { min: 2 },
};
const GOPHER_REPETITION: Limits = {
  duplicateLineShare: { max: 0.3 },
  duplicateParagraphShare: { max: 0.3 },
  duplicateLineCharacters: { max: 0.2 },
  duplicateParagraphCharacters: { max: 0.2 },
  top2GramCharacters: { max: 0.2 },
  top3GramCharacters: { max: 0.18 },
  top4GramCharacters: { max: 0.16 },
  duplicate5GramCharacters: { max: 0.15 },
  duplicate6GramCharacters: { max: 0.14 },
  duplicate7GramCharacters: { max: 0.13 },
  duplicate8GramCharacters: { max: 0.12 },
  duplicate9GramCharacters: { max: 0.11 },
  duplicate10GramCharacters: { max: 0.1 },
};
const C4: Limits = { sentences: { min: 5 }, loremIpsum: { max: 0 }, curlyBrackets: { max: 0 } };
const FINEWEB: Limits = {
  sentenceLineShare: { min: 0.12 },
  shortLineShare: { max: 0.67 },
  repeatedLineCharacters: { max: 0.01 },
  newlinesPerWord: { max: 0.3 },
};
const NEMO: Limits = {
  symbolCharacters: { max: 0.25 },
  digitCharacters: { max: 0.15 },
  urlCharacters: { max: 0.2 },
  spaceCharacters: { max: 0.25 },
  parenthesisCharacters: { max: 0.1 },
  boilerplateShare: { max: 0.4 },
  hashShare: { max: 0.1 },
  meanWordLength: { min: 3, max: 10 },
};
/** Turns of a chat are short and may hold code, lists and names: only what is broken in any text. */
const CHAT: Limits = {
  words: { min: 1, max: 20_000 },
  meanWordLength: { max: 20 },
  letterWordShare: { min: 0.3 },
  symbolCharacters: { max: 0.5 },
  duplicateLineShare: { max: 0.6 },
  duplicate5GramCharacters: { max: 0.5 },
  loremIpsum: { max: 0 },
};

/** Limits by where they come from. All but `chat` are made for long documents, and remove most short texts. */
export const PRESETS = {
  chat: { label: "Chat and short texts", limits: CHAT },
  gopher: { label: "Gopher: long documents", limits: GOPHER },
  "gopher-repetition": { label: "Gopher: repetition", limits: GOPHER_REPETITION },
  c4: { label: "C4: long documents", limits: C4 },
  fineweb: { label: "FineWeb: long documents", limits: FINEWEB },
  nemo: { label: "NeMo Curator: long documents", limits: NEMO },
} as const satisfies Record<string, { label: string; limits: Limits }>;

const FAMILIES = [
  [measureGopher, keysOf({ ...GOPHER })],
  [measureRepetition, keysOf(GOPHER_REPETITION)],
  [measureC4, keysOf(C4)],
  [measureFineWeb, keysOf(FINEWEB)],
  [measureNemo, keysOf(NEMO)],
] as const;

function keysOf(limits: Limits): ReadonlySet<string> {
  return new Set(Object.keys(limits));
}

/** Computes the measures that the limits name, one family of measures at a time. Measures without a limit are skipped. */
export function measureText(parts: Parts, limits: Limits): Partial<Record<Measure, number>> {
  const wanted = Object.keys(limits);
  const all = FAMILIES.filter(([, keys]) => wanted.some((name) => keys.has(name))).map(([measure]) => measure(parts));
  const measured: Readonly<Record<string, number>> = Object.assign({}, ...all);
  return Object.fromEntries(wanted.map((name) => [name, measured[name] ?? 0]));
}

/** The first limit that is not kept to, in the order of the limits; null when all are. */
export function firstBroken(measured: Partial<Record<Measure, number>>, limits: Limits) {
  for (const name of namesOf(limits)) {
    const value = measured[name] ?? 0;
    const { min, max } = limits[name] ?? {};
    const label = MEASURES[name];
    if (min !== undefined && value < min)
      return { rule: name, value, threshold: min, reason: `${label}: ${show(value)}, fewer than ${min}` };
    if (max !== undefined && value > max)
      return { rule: name, value, threshold: max, reason: `${label}: ${show(value)}, more than ${max}` };
  }
  return null;
}

const isMeasure = (name: string): name is Measure => name in MEASURES;
const namesOf = (limits: Limits): Measure[] => Object.keys(limits).filter(isMeasure);
const show = (value: number): string => String(Number(value.toPrecision(3)));
