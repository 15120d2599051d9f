import type { GuardDetectorName } from "@treadle/contract";

/** What each detector finds, in one sentence. */
const DESCRIPTIONS: Readonly<Record<GuardDetectorName, string>> = {
  secrets: "Keys, tokens and passwords, with checksums where they exist.",
  "personal-data": "Contact data, cards, bank accounts, identity numbers and dates of birth.",
  names: "Names of people and places, by lists and the words around them. Mainly in English texts.",
  injection: "Attempts to override instructions, as the probability of a small model.",
  "prompt-leak": "Eight words of the system prompt in the same order.",
  canary: "Your random words in the system prompt, also spelled, reversed or encoded.",
  urls: "Links and images to other hosts, look-alike hosts, and images that carry data.",
  "invisible-text": "Characters that people do not see and that models read.",
  words: "Words and phrases of your list.",
  competitors: "Names that an answer should not mention.",
  patterns: "Matches of your regular expressions.",
  profanity: "Listed words. A list finds words, not their meaning.",
  code: "Code blocks and scripts.",
  length: "Texts that are too long or too short.",
  groundedness: "Numbers and sentences of an answer that no retrieved text or result of a tool supports.",
  "json-schema": "Answers that are not JSON or do not fit a schema.",
  "tool-policy": "Calls of tools, or arguments, that your list does not allow.",
  topics: "Texts on a denied topic, or on no allowed one, by your examples. English only.",
  script: "What your own function returns. It runs in a sandbox.",
  language: "Texts in other languages, from 20 letters on.",
  moderation: "What a moderation service with OpenAI's format finds.",
  judge: "What a model of your project answers to a question about the text.",
};

/** Empty for a detector of a higher module. */
export const describeDetector = (name: string): string =>
  Object.hasOwn(DESCRIPTIONS, name) ? DESCRIPTIONS[name as GuardDetectorName] : "";
