import { splitWords } from "../white-space.ts";

/** The international tokeniser of mteval-v14 as sacrebleu has it under the name intl: Unicode's punctuation and symbols are split off. */
export function tokenizeInternational(line: string): string[] {
  return splitWords(
    line
      .replace(/(\P{N})(\p{P})/gu, "$1 $2 ")
      .replace(/(\p{P})(\P{N})/gu, " $1 $2")
      .replace(/\p{S}/gu, " $& "),
  );
}
