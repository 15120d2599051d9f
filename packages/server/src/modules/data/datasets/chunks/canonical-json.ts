import { ITEM_LIMITS } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";

/**
 * JSON in a canonical form: no blanks, and the keys of each object in one order (integer keys by size, as in
 * JavaScript, then the others by their UTF-16 units). Throws `invalid_request` for too deep nesting. `depth` is the
 * depth of the value itself.
 */
export const canonicalJson = (value: unknown, depth = 0): string => JSON.stringify(sorted(value, depth)) ?? "null";

const FEW_KEYS = 8;
type JsonObject = Record<string, unknown>;

/** The same value when it is in order already, which most are: then nothing is copied. */
function sorted(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= ITEM_LIMITS.depth) throw tooDeep();
  if (Array.isArray(value)) return sortedList(value, depth);
  // Everything except lists is an object of keys and values here, because it was parsed from JSON.
  const object = value as JsonObject;
  return isInOrder(object) ? withSortedValues(object, depth) : withSortedKeys(object, depth);
}

function sortedList(list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (let at = 0; at < list.length; at++) {
    const before = list[at];
    if (typeof before !== "object" || before === null) continue;
    const after = sorted(before, depth + 1);
    if (after === before) continue;
    copy ??= [...list];
    copy[at] = after;
  }
  return copy ?? list;
}

function isInOrder(object: JsonObject): boolean {
  let previous = "";
  for (const key in object) {
    if (key < previous) return false;
    previous = key;
  }
  return true;
}

function withSortedValues(object: JsonObject, depth: number): JsonObject {
  let copy: JsonObject | null = null;
  for (const key in object) {
    const before = object[key];
    if (typeof before !== "object" || before === null) continue;
    const after = sorted(before, depth + 1);
    if (after === before) continue;
    copy ??= { ...object };
    put(copy, key, after);
  }
  return copy ?? object;
}

function withSortedKeys(object: JsonObject, depth: number): JsonObject {
  const copy: JsonObject = {};
  for (const key of sortKeys(Object.keys(object))) put(copy, key, sorted(object[key], depth + 1));
  return copy;
}

/** Most objects have a few keys, which are put in order quicker one by one. */
function sortKeys(keys: string[]): string[] {
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] ?? "";
    let at = end;
    for (let before = keys[at - 1]; at > 0 && before !== undefined && before > key; before = keys[--at - 1])
      keys[at] = before;
    keys[at] = key;
  }
  return keys;
}

/** `__proto__` is a key like any other. */
function put(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

const tooDeep = () =>
  new AppError("invalid_request", {
    message: `An item is nested more than ${ITEM_LIMITS.depth} levels deep. Flatten it, or store the inner part as text.`,
  });
