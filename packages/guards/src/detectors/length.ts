import type { Detector } from "../detector.ts";
import { findInText, type Hit } from "./find-in-views.ts";

export type LengthOptions = {
  readonly mostCharacters?: number;
  readonly leastCharacters?: number;
  readonly mostTokens?: number;
  /** Counts as the model does. Without it tokens are estimated from the characters. */
  readonly countTokens?: (text: string) => number;
};

/** Texts that are too long or too short. The finding is the part beyond the limit. */
export const length: Detector<LengthOptions> = {
  name: "length",
  version: 1,
  isDeterministic: true,
  need: "whole",
  find: ({ text }, options) => findInText("length", hitsIn(text, options)),
};

function* hitsIn(text: string, options: LengthOptions): Generator<Hit> {
  const { mostCharacters, leastCharacters, mostTokens, countTokens = estimateTokens } = options;
  if (mostCharacters !== undefined && text.length > mostCharacters)
    yield { start: mostCharacters, end: text.length, kind: "too-many-characters" };
  if (leastCharacters !== undefined && text.length < leastCharacters)
    yield { start: 0, end: text.length, kind: "too-few-characters" };
  if (mostTokens !== undefined && mayExceed(text, mostTokens) && countTokens(text) > mostTokens)
    yield { start: 0, end: text.length, kind: "too-many-tokens" };
}

/** A token has at least one byte, so a short text needs no counting. */
const mayExceed = (text: string, mostTokens: number) => text.length * 3 > mostTokens;

const CHARACTERS_PER_TOKEN = 4;
/** Ideographs and other letters beyond Latin take about one token each. */
const WIDE = /[\u0900-\u{10ffff}]/gu;

/** About as many tokens as a model reads: one for 4 characters of a Latin text, or for each other character. */
export function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return Math.ceil((text.length - wide) / CHARACTERS_PER_TOKEN) + wide;
}
