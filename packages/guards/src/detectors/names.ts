import type { Detector } from "../detector.ts";
import { findNames } from "../names/find-names.ts";
import { LONGEST_RUN, openRun, openWords } from "../stream/open-run.ts";
import { findInViews } from "./find-in-views.ts";

export const NAME_KINDS = ["person", "place"] as const;
export type NameKind = (typeof NAME_KINDS)[number];
export type NamesOptions = { readonly kinds?: readonly NameKind[] };

/**
 * Names of people and places, by lists and by the words around them. Capitals tell names from words, so names in small letters
 * are not found, and names that are in no list only after words such as `Mr` or `my name is`.
 */
export const names: Detector<NamesOptions> = {
  name: "names",
  version: 1,
  isDeterministic: false,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => Math.min(openRun(text), openName(text)),
  mayFind: (text) => CAPITAL.test(text),
  find: (prepared, { kinds = NAME_KINDS }) =>
    findInViews("names", prepared, (text) =>
      [...findNames(text)].filter(({ kind }) => kinds.some((one) => one === kind)),
    ),
};

const CAPITAL = /\p{Lu}/u;
/** The words that a name has at most, and the word after it. */
const WORDS = 11;
/** Words that begin no name in any form of a text. */
const CALM = /^[a-z',;:!?()"-]+[.,;:!?)"]*$/;

/** The place from which a name may begin or go on: the first of the last words that is not an ordinary one. */
function openName(text: string): number {
  const from = openWords(text, WORDS);
  for (const { 0: word, index } of text.slice(from).matchAll(/\S+/g))
    if (word.length < 2 || !CALM.test(word)) return from + index;
  return text.length;
}
