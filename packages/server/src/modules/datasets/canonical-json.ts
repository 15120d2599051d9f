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
  if (Array.isArray(value)) return sortedList(value, depth);
  return isInOrder(value, depth) ? value : sortedObject(value, depth);
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

/** Whether its own keys are in order, and all that is inside it as well. */
function isInOrder(object: object, depth: number): boolean {
  let previous = "";
  for (const [key, value] of Object.entries(object)) {
    if (key < previous) return false;
    previous = key;
    if (typeof value === "object" && value !== null && sorted(value, depth + 1) !== value) return false;
  }
  return true;
}

function sortedObject(object: object, depth: number): object {
  const entries = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  const copy = {};
  // `__proto__` is a key like any other.
  for (const [key, value] of entries)
    Object.defineProperty(copy, key, {
      value: sorted(value, depth + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy;
}

const tooDeep = () =>
  new AppError("invalid_request", {
    message: `An item is nested deeper than ${ITEM_LIMITS.depth} levels. Make it flatter, or keep the inner part as text.`,
  });
