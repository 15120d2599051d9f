import { readFileSync } from "node:fs";

/**
 * Names of people of some 60 countries and of places, and which of them are also English words. Written by
 * `packages/guards/training/build-name-lists.ts` from @faker-js/faker 10.6.0 and compromise 14.17.0 (MIT licence).
 */
export const NAME_LISTS_FILE = new URL("./name-lists.txt", import.meta.url);

const LISTS = ["given", "family", "places", "words"] as const;
export type NameLists = Readonly<Record<(typeof LISTS)[number], ReadonlySet<string>>>;

let loaded: NameLists | undefined;
/** The lists in small letters, read from disk on first use. */
export function loadNameLists(): NameLists {
  loaded ??= readLists(readFileSync(NAME_LISTS_FILE, "utf8"));
  return loaded;
}

function readLists(file: string): NameLists {
  const lines = new Map(file.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line] as const));
  const read = (list: string) => {
    const line = lines.get(list);
    if (line === undefined) throw new Error(`The file of names has no list "${list}". Restore it or build it again.`);
    return new Set(line.slice(list.length + 1).split("|"));
  };
  return { given: read("given"), family: read("family"), places: read("places"), words: read("words") };
}
