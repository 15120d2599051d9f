import { createHash } from "node:crypto";
import type { Item } from "@treadle/contract";
import { mapRecord, mapStrings } from "../items/item-edit.ts";
import { answerParts, canonicalJson, promptParts, type TextView } from "../items/item-text.ts";
import { chooseOne } from "../sets/choose-kept.ts";
import type { DuplicateGroups } from "../sets/near-machine.ts";
import { gently, type Reading } from "../step/feed.ts";
import type { WorthOf } from "./worth.ts";

type Choice = { readonly of: TextView; readonly ignoreCase: boolean; readonly worthOf?: WorthOf };

/** 128 bits of the hash of what counts of an item: its blanks and the way its letters are composed do not. Empty when it has no text. */
export function contentKey(item: Item, { of, ignoreCase }: Omit<Choice, "worthOf">): string {
  const plain = (text: string) => normalise(text, ignoreCase);
  const parts = of === "answer" ? answerParts(item) : promptParts(item);
  if (of !== "all" && parts.every(({ text }) => plain(text) === "")) return "";
  const counted =
    of === "all"
      ? [mapRecord(item.inputs, plain), mapStrings(item.expected, plain)]
      : parts.map(({ role, text }) => [role, plain(text)]);
  return createHash("sha256").update(canonicalJson(counted)).digest().toString("latin1", 0, 16);
}

/** Finds items whose content is the same. Holds about 100 bytes for each different one. */
export async function findExactDuplicates(reading: Reading, { worthOf, ...choice }: Choice): Promise<DuplicateGroups> {
  const firsts = new Map<string, number>();
  const [groups, worths] = [new Int32Array(reading.rows), new Float64Array(reading.rows)];
  let rows = 0;
  for await (const item of gently(reading)) {
    const key = contentKey(item, choice);
    const first = key === "" ? rows : (firsts.get(key) ?? rows);
    if (first === rows) firsts.set(key, rows);
    groups[rows] = first;
    worths[rows] = worthOf?.(item) ?? 0;
    rows++;
    if (rows % 1_000 === 0) reading.progress(rows / reading.rows);
  }
  const read = groups.subarray(0, rows);
  const sizes = new Uint32Array(rows);
  for (const first of read) sizes[first] = (sizes[first] ?? 0) + 1;
  const shared = read.map((first) => ((sizes[first] ?? 0) > 1 ? first : -1));
  return {
    groups: shared,
    keptRows: chooseOne(shared, worths),
    similarities: new Float32Array(rows).fill(1),
    isEstimate: false,
  };
}

function normalise(text: string, ignoreCase: boolean): string {
  const plain = text.normalize("NFC").replace(/\s+/g, " ").trim();
  return ignoreCase ? plain.toLowerCase() : plain;
}
