import { wordsOf } from "./count-words.ts";
import { NEGATIONS, NEGATIVE, POSITIVE } from "./sentiment-words.ts";

const REACH = 3;
const MOST_CHARACTERS = 200_000;

/** (Praise − blame) / both, from −1 to 1, and how many words say so; 0 of a text that says neither. */
export function sentimentOf(text: string): { value: number; words: number } {
  const words = wordsOf(text.slice(0, MOST_CHARACTERS)).map((word) => word.toLowerCase().replaceAll("’", "'"));
  let [praise, blame] = [0, 0];
  for (const [at, word] of words.entries()) {
    const sign = POSITIVE.has(word) ? 1 : NEGATIVE.has(word) ? -1 : 0;
    if (sign === 0) continue;
    const isTurned = words.slice(Math.max(0, at - REACH), at).some((before) => NEGATIONS.has(before));
    if (sign > 0 === !isTurned) praise++;
    else blame++;
  }
  const all = praise + blame;
  return { value: all === 0 ? 0 : (praise - blame) / all, words: all };
}

/** Beginnings of refusals, in English, and the most common in German, French and Spanish. */
const REFUSALS = [
  /\b(?:i|we)(?:['’]m| am| are)?\s+(?:really |very |so |truly )?(?:sorry|afraid)\b.{0,80}\b(?:can(?:['’]t|not)|unable|not able|won['’]t|will not|but i|that i)/s,
  /\bi (?:can(?:['’]t|not)|won['’]t|will not|could(?:n['’]t| not)|must decline|refuse to|decline to)\b.{0,20}\b(?:help|assist|answer|provide|comply|fulfil|fulfill|do that|create|generate|write|support|discuss|engage|share|give|continue|participate)/s,
  /\bi(?:['’]m| am) (?:not able|unable|not allowed|not permitted|not comfortable|not programmed)\b/,
  /\bas an? (?:ai|artificial intelligence|language model|large language model|assistant)\b.{0,80}\b(?:can(?:['’]t|not)|unable|not able|won['’]t|don['’]t|do not)/s,
  /\b(?:that|this) (?:goes against|violates|would violate)\b.{0,40}\b(?:guideline|polic|principle)/s,
  /\bich kann (?:ihnen |dir |dabei |damit |das |diese anfrage |hier |leider )*nicht\b|\bdas kann ich (?:leider )?nicht\b/,
  /\bje (?:ne peux pas|suis désolé)|\bdésolée?\b.{0,30}\bne (?:peux|puis) pas/s,
  /\bno puedo (?:ayudar|responder|proporcionar|hacer|cumplir)|\blo siento\b.{0,30}\bno puedo/s,
];
const OPENING = 400;

/** Whether a text declines, by its first sentences. */
export const isRefusal = (text: string): boolean => {
  const opening = text.trim().slice(0, OPENING).toLowerCase();
  return REFUSALS.some((pattern) => pattern.test(opening));
};
