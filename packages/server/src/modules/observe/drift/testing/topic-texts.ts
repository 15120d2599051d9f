import type { Random } from "@treadle/metrics";

/** Texts of one topic: a sentence of words that belong together, and words that every topic has. */
const TOPICS = {
  cards: "card payment declined bank account transfer pin statement fee limit balance refund cash machine",
  travel: "flight hotel booking luggage airport ticket train passport seat boarding visa delay island beach",
  german: "karte konto rechnung überweisung gebühr kunde bestellung lieferung frage bitte adresse vertrag",
} as const;
export type Topic = keyof typeof TOPICS;
const COMMON = "please help me with my the a for and now today can you what is need want".split(" ");

/** A text of 6 to 14 words. */
export function topicText(topic: Topic, random: Random): string {
  const words = TOPICS[topic].split(" ");
  const length = 6 + random.below(9);
  return Array.from({ length }, () => pick(random.next() < 0.6 ? words : COMMON, random)).join(" ");
}

const pick = (words: readonly string[], random: Random) => words[random.below(words.length)] ?? "";

const SIZE = 32;

/** An embedding without a model: counts of hashed words. Texts of one topic are near each other. */
export function hashedVector(text: string, size = SIZE): Float32Array {
  const vector = new Float32Array(size);
  for (const word of text.toLowerCase().split(/\s+/)) {
    let hash = 2_166_136_261;
    for (const sign of word) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 16_777_619);
    const place = (hash >>> 0) % size;
    vector[place] = (vector[place] ?? 0) + ((hash >>> 8) % 2 === 0 ? 1 : -1);
  }
  return vector;
}
