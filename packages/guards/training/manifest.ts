import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ownTexts } from "./own-texts.ts";
import { readRows } from "./read-rows.ts";
import type { Data, Entry, Text } from "./texts.ts";

const MANIFEST = join(import.meta.dirname, "manifest.jsonl");
/** Longer texts are cut: the model reads a text as a whole up to here. */
const LONGEST = 8000;
const SHORTEST = 3;

/** Reads the data of the manifest from a folder. A file that is absent or has another checksum is an error. */
export function readData(folder: string): Data {
  const entries: Entry[] = readFileSync(MANIFEST, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const absent = entries.filter(({ file }) => !existsSync(join(folder, file)));
  if (absent.length > 0) {
    const list = absent.map(({ file, url }) => `${url}\n  → ${join(folder, file)}`).join("\n");
    throw new Error(`${absent.length} files of the manifest are absent. Download them:\n${list}`);
  }
  const read = entries.map((entry) => readEntry(entry, folder));
  const unique = createDeduplicator();
  return {
    entries,
    texts: [...read.flatMap(({ taken }) => taken), ...ownTexts()].filter(unique),
    spare: read.flatMap(({ spare }) => spare).filter(unique),
  };
}

function readEntry(entry: Entry, folder: string): { taken: readonly Text[]; spare: readonly Text[] } {
  const bytes = readFileSync(join(folder, entry.file));
  const checksum = createHash("sha256").update(bytes).digest("hex");
  if (checksum !== entry.sha256)
    throw new Error(
      `${entry.file} has the SHA-256 ${checksum} instead of ${entry.sha256}. Download ${entry.url} again.`,
    );
  const content = (entry.file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const { source, group = source, role, otherHalf = role } = entry;
  const texts = readRows(content, entry.read)
    .map((text) => text.trim().slice(0, LONGEST))
    .filter(({ length }) => length >= SHORTEST)
    .map((text, place): Text => ({ source, group, text, role: place % 2 === 1 ? otherHalf : role }));
  const step = Math.max(1, texts.length / (entry.take ?? texts.length));
  const isTaken = (place: number) => Math.floor(place / step) !== Math.floor((place - 1) / step);
  return {
    taken: texts.filter((_, place) => isTaken(place)),
    spare: role === "benign" ? texts.filter((_, place) => !isTaken(place)) : [],
  };
}

/** Keeps the first of texts that differ only in case and spaces. */
function createDeduplicator(): (text: Text) => boolean {
  const known = new Set<string>();
  return ({ text }) => {
    const key = text.toLowerCase().replace(/\s+/g, " ");
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
}
