// Writes the lists of names of the detector `names`. Usage: node packages/guards/training/build-name-lists.ts FOLDER TEXTS...
// FOLDER has a node_modules with @faker-js/faker@10.6.0 (names of people, cities) and compromise@14.17.0 (places, English
// words), both under the MIT licence. TEXTS are files of English prose: a name that they write in small letters is also a word.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { NAME_LISTS_FILE } from "../src/names/name-lists.ts";

const [folder, ...texts] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Give the folder of the packages: node packages/guards/training/build-name-lists.ts FOLDER TEXTS...");
  process.exit(64);
}
const inFolder = async (path: string) => import(pathToFileURL(join(folder, "node_modules", path)).href);

type Locale = { person?: Record<string, unknown>; location?: Record<string, unknown> };
const { allLocales } = (await inFolder("@faker-js/faker/dist/index.js")) as { allLocales: Record<string, Locale> };
const { default: nlp } = await inFolder("compromise/src/three.js");
const lexicon: Record<string, string | string[]> = nlp.model().one.lexicon;

/** An own name, of one to four words in Latin letters. */
const NAME = /^\p{Lu}[\p{Script=Latin}\p{M}'’-]+(?: [\p{Script=Latin}\p{M}'’-]+){0,3}$/u;
/** Invented cities and states, and a locale of jokes. */
const LEFT_OUT = /^(?:base|en_BORK|eo)$/;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* textsIn(part);
}
const fold = (name: string) => name.normalize("NFC").toLowerCase().replaceAll("’", "'");

function fromLocales(part: (locale: Locale) => unknown): Set<string> {
  const names = new Set<string>();
  for (const [code, locale] of Object.entries(allLocales))
    if (!LEFT_OUT.test(code))
      for (const name of textsIn(part(locale))) if (NAME.test(name) && name.length > 2) names.add(fold(name));
  return names;
}
const tagged = (...tags: string[]) =>
  Object.entries(lexicon).flatMap(([word, tag]) =>
    [tag].flat().some((one) => tags.includes(one)) && word.length > 2 ? [fold(word)] : [],
  );

const given = new Set([
  ...fromLocales(({ person }) => person?.first_name),
  ...tagged("MaleName", "FemaleName", "FirstName"),
]);
const family = new Set([...fromLocales(({ person }) => person?.last_name), ...tagged("LastName")]);
const places = new Set([
  ...fromLocales(({ location }) => location?.city_name),
  ...fromLocales(({ location }) => location?.state),
  ...tagged("City", "Country", "Region"),
]);

/** How often prose writes a word in small letters, and with a capital. */
const [small, capital] = [new Map<string, number>(), new Map<string, number>()];
for (const path of texts)
  for (const [word] of readFileSync(path, "utf8").matchAll(/(?<![\p{L}'’-])\p{L}[\p{Ll}'-]+/gu)) {
    const counts = /^\p{Ll}/u.test(word) ? small : capital;
    counts.set(fold(word), (counts.get(fold(word)) ?? 0) + 1);
  }
const FEWEST = 3;
const LEAST_SHARE = 0.2;
const isWritten = (word: string) => {
  const [count, names] = [small.get(word) ?? 0, capital.get(word) ?? 0];
  return count >= FEWEST && count >= LEAST_SHARE * names;
};
/** Products that are named like people, and days, months and spellings. */
const OTHERS =
  "alexa claude cortana dell gemini java jenkins mercedes oracle python ruby siri ive april august june may march monday tuesday wednesday thursday friday saturday sunday".split(
    " ",
  );
const NAMES = /^(?:MaleName|FemaleName|FirstName|LastName|Person|City|Country|Region|Place|ProperNoun)$/;
const isWord = (name: string) =>
  isWritten(name) ||
  OTHERS.includes(name) ||
  [lexicon[name] ?? []].flat().some((tag) => tag !== undefined && !NAMES.test(tag));

for (const country of tagged("Country")) given.delete(country);
const all = new Set([...given, ...family, ...places]);
const lists = { given, family, places, words: new Set([...all, ...OTHERS].filter(isWord)) };
/** Ordinary words are not names of places by themselves, and a letter's case is all that tells the others apart. */
for (const word of lists.words) places.delete(word);
writeFileSync(
  NAME_LISTS_FILE,
  `${Object.entries(lists)
    .map(([list, names]) => `${list}:${[...names].toSorted().join("|")}`)
    .join("\n")}\n`,
);
for (const [list, names] of Object.entries(lists)) console.log(`${list}: ${names.size}`);
