import { FUNCTION_WORDS, isFunctional, LINKS, NEGATIONS, PERSONS, SAME_WORDS, WEAK_WORDS } from "./english-words.ts";
import { foldText } from "./fold-text.ts";
import { splitWords, type Word } from "./split-words.ts";
import { MARK, takeLiterals } from "./take-literals.ts";

/** What of a question has to be equal in another question, so that one answer fits both. */
export type Question = {
  readonly language: string;
  /** The words with a meaning, in order; numbers and signs among them. */
  readonly content: readonly string[];
  /** For each of these the preposition before it; empty for none. */
  readonly links: readonly string[];
  readonly weak: readonly string[];
  readonly persons: readonly string[];
  readonly numbers: readonly string[];
  readonly negations: readonly string[];
  readonly literals: readonly string[];
};

/** ISO 639-1, or `und` for a text that is too short to tell. */
type Language = string;

/** Reads a question. Only English has function words here: in other languages every word counts. */
export function readQuestion(text: string, language: Language): Question {
  const { rest, literals } = takeLiterals(text);
  const isEnglish = language === "en" || language === "und";
  const words = splitWords(foldText(rest), isEnglish);
  const sorted = isEnglish ? sortEnglish(words) : { ...NOTHING, content: words.map(({ lower }) => lower) };
  const { content, links, weak, persons } = sorted;
  return {
    language,
    content,
    links,
    weak,
    persons,
    literals,
    numbers: content.filter((word) => /^-?\p{N}/u.test(word)),
    negations: content.filter((word) => NEGATIONS.has(word)),
  };
}

type Sorted = {
  readonly content: string[];
  readonly links: string[];
  readonly weak: string[];
  readonly persons: string[];
};
const NOTHING: Sorted = { content: [], links: [], weak: [], persons: [] };

function sortEnglish(words: readonly Word[]): Sorted {
  const sorted: Sorted = { content: [], links: [], weak: [], persons: [] };
  const isName = namesIn(words);
  let link = "";
  for (const word of withMust(words)) {
    const { lower } = word;
    const name = isName(word);
    if (!name && LINKS.has(lower)) link = LINKS.get(lower) ?? "";
    else if (!name && FUNCTION_WORDS.has(lower)) continue;
    else if (!name && WEAK_WORDS.has(lower)) sorted.weak.push(lower);
    else if (!name && PERSONS.has(lower)) sorted.persons.push(PERSONS.get(lower) ?? "");
    else {
      const meaning = name ? `${lower} (name)` : (SAME_WORDS.get(lower) ?? lower);
      if (isSilent(meaning, sorted.content.at(-1))) continue;
      sorted.content.push(meaning);
      sorted.links.push(link);
      link = "";
    }
  }
  return sorted;
}

/** How can I, how do I and how would I ask the same. */
const isSilent = (meaning: string, before: string | undefined) =>
  before === "how" && (meaning === "can" || meaning === "will");

/** `have to` is `must`. */
const withMust = (words: readonly Word[]): readonly Word[] =>
  words.map((word, place) =>
    /^(?:have|has)$/.test(word.lower) && words[place + 1]?.lower === "to" ? { ...word, lower: "must" } : word,
  );

/** Whether a function word is a name, such as US, WHO or May. In a text of capitals it is not. */
function namesIn(words: readonly Word[]): (word: Word) => boolean {
  const long = words.filter(({ lower }) => lower.length > 3 && !MARK.test(lower));
  const isTitle = long.length > 0 && long.every(({ written }) => /^\p{Lu}/u.test(written));
  return ({ written, lower, isFirst }) => {
    if (isTitle || lower === "i") return false;
    if (/^\p{Lu}{2,}$/u.test(written)) return true;
    return !isFirst && /^\p{Lu}/u.test(written) && isFunctional(lower);
  };
}
