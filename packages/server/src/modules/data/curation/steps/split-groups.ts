import { hash } from "node:crypto";
import type { Item } from "@treadle/contract";
import { fieldText } from "../items/item-field.ts";
import { createGroups } from "../sets/groups.ts";
import { gently, type Reading } from "../step/feed.ts";

export type Groups = ReturnType<typeof createGroups>;

/** Joins rows with the same value in one of some fields, and near-duplicates. */
export async function groupRows(reading: Reading, fields: readonly string[], near?: Int32Array): Promise<Groups> {
  const groups = createGroups(reading.rows);
  if (near) for (const [row, first] of near.entries()) if (first >= 0) groups.join(first, row);
  if (fields.length === 0) return groups;
  const firsts = new Map<string, number>();
  let row = 0;
  for await (const item of gently(reading)) {
    for (const key of valueKeys(item, fields)) {
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, row);
      else groups.join(first, row);
    }
    row++;
  }
  return groups;
}

/** 128 bits for each field that has a value. */
const valueKeys = (item: Item, fields: readonly string[]) =>
  fields.flatMap((field) => {
    const value = fieldText(item, field);
    return value === null ? [] : [hash("sha256", JSON.stringify([field, value]), "buffer").toString("latin1", 0, 16)];
  });

/** A number from 0 up to 1 that hangs on nothing but the salt and the key. */
export const drawOf = (salt: string, key: string): number =>
  hash("sha256", `${salt}\0${key}`, "buffer").readUIntBE(0, 6) / 2 ** 48;
