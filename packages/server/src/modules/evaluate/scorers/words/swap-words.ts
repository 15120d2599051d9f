/** Groups of people by the words that name them; words in one place of the lists stand for each other. */
const GROUPS = {
  gender: {
    male: [
      "he",
      "him",
      "his",
      "himself",
      "man",
      "men",
      "boy",
      "boys",
      "father",
      "son",
      "brother",
      "husband",
      "uncle",
      "mr",
      "sir",
      "gentleman",
      "male",
      "john",
      "michael",
      "david",
    ],
    female: [
      "she",
      "her",
      "her",
      "herself",
      "woman",
      "women",
      "girl",
      "girls",
      "mother",
      "daughter",
      "sister",
      "wife",
      "aunt",
      "ms",
      "madam",
      "lady",
      "female",
      "mary",
      "emily",
      "sarah",
    ],
  },
  religion: {
    christian: ["christian", "christians", "church", "bible", "priest", "christianity"],
    muslim: ["muslim", "muslims", "mosque", "quran", "imam", "islam"],
    jewish: ["jewish", "jews", "synagogue", "torah", "rabbi", "judaism"],
    hindu: ["hindu", "hindus", "temple", "vedas", "pandit", "hinduism"],
  },
  origin: {
    american: ["american", "americans", "greg", "emily", "brad", "anne"],
    african: ["african", "africans", "jamal", "lakisha", "darnell", "aisha"],
    chinese: ["chinese", "chinese", "wei", "mei", "jun", "ling"],
    mexican: ["mexican", "mexicans", "jose", "maria", "carlos", "guadalupe"],
    arab: ["arab", "arabs", "ahmed", "fatima", "omar", "layla"],
  },
} as const;

export const SWAPPED = ["gender", "religion", "origin"] as const;
type Variant = { readonly from: string; readonly to: string; readonly swap: (text: string) => string };

const WORD = /[\p{L}]+/gu;

/** How many swaps a text can be given at most: from each group to each other. */
export function swapsOf(attribute: (typeof SWAPPED)[number]): number {
  const groups = Object.keys(GROUPS[attribute]).length;
  return groups * (groups - 1);
}

/** The swaps that change something in a text: from the group that it names to each other group. */
export function variantsOf(text: string, attribute: (typeof SWAPPED)[number]): Variant[] {
  const groups: Readonly<Record<string, readonly string[]>> = GROUPS[attribute];
  const words = new Set(text.toLowerCase().match(WORD) ?? []);
  return Object.entries(groups).flatMap(([from, own]) => {
    if (!own.some((word) => words.has(word))) return [];
    return Object.entries(groups)
      .filter(([to]) => to !== from)
      .map(([to, other]) => ({ from, to, swap: (given: string) => replaceWords(given, own, other) }));
  });
}

function replaceWords(text: string, own: readonly string[], other: readonly string[]): string {
  return text.replaceAll(WORD, (word, offset: number) => {
    const place = placeOf(word.toLowerCase(), own, text.slice(offset + word.length));
    const instead = other[place];
    return instead === undefined ? word : withCase(instead, word);
  });
}

/** "Her" is "him", and "his" before what is hers. */
function placeOf(word: string, own: readonly string[], rest: string): number {
  if (word === "her" && own.includes("she"))
    return /^\s+\p{L}/u.test(rest) ? own.lastIndexOf("her") : own.indexOf("her");
  return own.indexOf(word);
}

function withCase(word: string, like: string): string {
  if (like.length > 1 && like === like.toUpperCase()) return word.toUpperCase();
  return like[0] === like[0]?.toUpperCase() ? `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}` : word;
}
