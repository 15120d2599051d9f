import type { Detector } from "../detector.ts";
import { findListedWords, MOST_PHRASE_WORDS } from "../profanity/listed-words.ts";
import type { WordKind } from "../profanity/word-lists.ts";
import { LONGEST_RUN, openWords } from "../stream/open-run.ts";
import { findInText, findInViews, lowerCase } from "./find-in-views.ts";

export type ProfanityOptions = { readonly kinds?: readonly WordKind[] };
const DEFAULT_KINDS: readonly WordKind[] = ["profanity", "hate"];

/** Listed words. A list finds words and not their meaning, so this says nothing about toxicity. */
export const profanity: Detector<ProfanityOptions> = {
  name: "profanity",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => openWords(text, 2 * MOST_PHRASE_WORDS),
  find(prepared, { kinds = DEFAULT_KINDS }) {
    const find = (text: string) => findListedWords(lowerCase(text)).filter(({ kind }) => kinds.includes(kind));
    return prepared.normalized.text === prepared.text
      ? findInText("profanity", find(prepared.text))
      : findInViews("profanity", prepared, find);
  },
};
