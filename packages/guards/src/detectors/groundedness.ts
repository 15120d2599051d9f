import type { Detector } from "../detector.ts";
import { allSentences } from "../policy/sentences.ts";
import { findInText, type Hit } from "./find-in-views.ts";

export type GroundednessOptions = {
  /** The smallest share of a sentence's words that must occur in the sources. */
  readonly leastSupport: number;
};

/** A shorter sentence says too little to be judged by its words. */
const FEWEST_WORDS = 4;
/** Shorter words are mostly of grammar, and longer ones are compared by their beginning, so that endings do not count. */
const SHORTEST_WORD = 4;
const STEM = 6;
const WORDS = /\p{L}+/gu;
const NUMBERS = /\d+(?:[.,]\d+)*/g;

type Sources = { readonly stems: ReadonlySet<string>; readonly numbers: ReadonlySet<string> };
const known = new WeakMap<readonly string[], Sources>();

/**
 * Numbers and sentences of an answer that the retrieved texts and the results of tools in the request do not support. Without
 * such texts nothing is found. The words are compared, and not the meaning.
 */
export const groundedness: Detector<GroundednessOptions> = {
  name: "groundedness",
  version: 1,
  isDeterministic: false,
  need: "whole",
  reads: ["output"],
  uses: ["sources"],
  find({ text }, { leastSupport }, call) {
    const sources = call?.sources ?? [];
    if (sources.length === 0 || call?.isAnswer === false) return [];
    return findInText("groundedness", hitsIn(text, readSources(sources), leastSupport));
  },
};

function* hitsIn(text: string, sources: Sources, leastSupport: number): Generator<Hit> {
  for (const { 0: number, index } of text.matchAll(NUMBERS))
    if (isTelling(number) && !sources.numbers.has(plain(number)))
      yield { start: index, end: index + number.length, kind: "ungrounded-number" };
  for (const { start, end } of allSentences(text)) {
    const stems = stemsOf(text.slice(start, end));
    if (stems.length < FEWEST_WORDS) continue;
    const support = stems.filter((stem) => sources.stems.has(stem)).length / stems.length;
    if (support < leastSupport) yield { start, end, kind: "ungrounded-sentence", score: 1 - support };
  }
}

function readSources(sources: readonly string[]): Sources {
  const existing = known.get(sources);
  if (existing) return existing;
  const text = sources.join("\n");
  const numbers = new Set((text.match(NUMBERS) ?? []).map(plain));
  const read = { stems: new Set(stemsOf(text)), numbers };
  known.set(sources, read);
  return read;
}

const stemsOf = (text: string): readonly string[] =>
  (text.toLowerCase().match(WORDS) ?? [])
    .filter((word) => word.length >= SHORTEST_WORD)
    .map((word) => word.slice(0, STEM));

/** A single digit mostly counts the entries of a list. */
const isTelling = (number: string) => number.length > 1;

/** `1,000` and `1000` are the same number. */
const plain = (number: string) => number.replaceAll(/[.,](?=\d{3}(?:\D|$))/g, "").replace(",", ".");
