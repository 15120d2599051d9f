import { ITEM_LIMITS } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";

/**
 * JSON with one way to be written: no blanks, and the keys of each object in one order (those that are whole numbers by
 * size, as JavaScript keeps them, then the others by their UTF-16 units). Throws `invalid_request` for what is nested too deep.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value, 0)) ?? "null";

/** The same value when it is in order already, which most are: then nothing is copied. */
function sorted(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= ITEM_LIMITS.depth) throw tooDeep();
  return Array.isArray(value) ? sortedList(value, depth) : sortedObject(value, depth);
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

type Values = { [key: string]: unknown };

function sortedObject(object: object, depth: number): object {
  const values: Values = object as Values;
  let previous = "";
  let isInOrder = true;
  let changed: Map<string, unknown> | null = null;
  // What was read from JSON inherits nothing that could be listed; this is several times faster than a list of entries.
  for (const key in values) {
    if (key < previous) isInOrder = false;
    previous = key;
    const value = values[key];
    if (typeof value !== "object" || value === null) continue;
    const after = sorted(value, depth + 1);
    if (after === value) continue;
    changed ??= new Map();
    changed.set(key, after);
  }
  return isInOrder && changed === null ? object : copyInOrder(values, changed);
}

function copyInOrder(values: Values, changed: ReadonlyMap<string, unknown> | null): object {
  const copy: Values = {};
  for (const key of Object.keys(values).sort()) {
    const value = changed?.has(key) ? changed.get(key) : values[key];
    if (key !== "__proto__") copy[key] = value;
    // It is a key like any other.
    else Object.defineProperty(copy, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return copy;
}

const tooDeep = () =>
  new AppError("invalid_request", {
    message: `An item is nested deeper than ${ITEM_LIMITS.depth} levels. Make it flatter, or keep the inner part as text.`,
  });
