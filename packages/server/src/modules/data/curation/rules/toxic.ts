import { TOXIC_KINDS, TOXIC_WORDS, type ToxicKind } from "./toxic-words.ts";

type Places = ReadonlyMap<string, ToxicKind>;

/** Signs that stand for letters in words that are meant to be overlooked. */
const DISGUISES: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

const entries = TOXIC_KINDS.flatMap((kind) => TOXIC_WORDS[kind].map((word) => [word, kind] as const));
const WHOLE: Places = new Map(entries.filter(([word]) => !word.endsWith("*") && !word.includes(" ")));
const BEGINNINGS: Places = new Map(
  entries.filter(([word]) => word.endsWith("*")).map(([word, kind]) => [word.slice(0, -1), kind]),
);
const PHRASES = entries.filter(([word]) => word.includes(" "));
const SHORTEST = Math.min(...[...BEGINNINGS.keys()].map((word) => word.length));
const LONGEST = Math.max(...[...BEGINNINGS.keys()].map((word) => word.length));

const TOKEN = /[\p{L}\p{M}\p{N}@$!'’-]{2,60}/gu;
const LETTERS = /\p{L}/u;
const MOST_CHARACTERS = 1_000_000;

/** How many words of each kind a text holds. */
export function countToxic(whole: string): Map<ToxicKind, number> {
  const counts = new Map<ToxicKind, number>();
  const add = (kind: ToxicKind | undefined) => kind && counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const text = whole.slice(0, MOST_CHARACTERS).normalize("NFKC").toLowerCase();
  for (const [token] of text.matchAll(TOKEN)) add(kindOf(token) ?? kindOf(undisguise(token)));
  const spaced = ` ${text.replaceAll("’", "'").replaceAll(/[^\p{L}\p{M}\p{N}'-]+/gu, " ")} `;
  for (const [phrase, kind] of PHRASES) if (spaced.includes(` ${phrase} `)) add(kind);
  return counts;
}

function kindOf(token: string): ToxicKind | undefined {
  const whole = WHOLE.get(token);
  if (whole) return whole;
  for (let size = SHORTEST; size <= Math.min(LONGEST, token.length); size++) {
    const kind = BEGINNINGS.get(token.slice(0, size));
    if (kind) return kind;
  }
  return undefined;
}

/** `$h1t` and `shiiiit` are read as the words they represent. A number is not. */
function undisguise(token: string): string {
  if (!LETTERS.test(token)) return token;
  const plain = [...token.replace(/!+$/, "")].map((sign) => DISGUISES[sign] ?? sign).join("");
  return plain.replaceAll(/(.)\1{2,}/gu, "$1");
}
