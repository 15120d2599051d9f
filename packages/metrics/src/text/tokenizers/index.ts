import { isSpace, splitWords } from "../white-space.ts";
import { tokenizeChinese } from "./chinese.ts";
import { tokenizeInternational } from "./international.ts";
import { tokenize13a } from "./western.ts";

/** sacrebleu's tokenisers that need no model, by its names for them. */
export const TOKENIZERS = {
  "13a": tokenize13a,
  intl: tokenizeInternational,
  char: (line) => Array.from(line).filter((point) => !isSpace(point.charCodeAt(0))),
  none: splitWords,
  zh: tokenizeChinese,
} as const satisfies Record<string, (line: string) => string[]>;

export type TokenizerName = keyof typeof TOKENIZERS;
