import type { Attributes, AttributeValue } from "./received-span.ts";

/** A message, tool or document that a sender spread over keys such as `llm.tools.0.tool.json_schema`. */
export type IndexedItem = { readonly index: number; readonly fields: Attributes };
/** An attribute's whole key, and the field that the rest after the number names. */
type IndexedKey = { readonly key: string; readonly field: string };

/** The maximum length of a list. A higher number in a key is not an index. */
const MOST_ITEMS = 10_000;
const MOST_DIGITS = 5;

/**
 * The family of keys below a prefix that ends in a point, grouped by the number that follows it and sorted by it. A field's name is the
 * rest of its key; an item that is one value has the name "". Numbers only sort: a high one costs as little as a low one.
 */
export function readIndexed(attributes: Attributes, prefix: string): { items: IndexedItem[]; keys: IndexedKey[] } {
  const groups = new Map<number, Map<string, AttributeValue>>();
  const keys: IndexedKey[] = [];
  for (const [key, value] of attributes) {
    if (!key.startsWith(prefix)) continue;
    const end = endOfNumber(key, prefix.length);
    if (end < 0) continue;
    const index = Number(key.slice(prefix.length, end));
    if (index >= MOST_ITEMS) continue;
    let fields = groups.get(index);
    if (fields === undefined) {
      fields = new Map();
      groups.set(index, fields);
    }
    const field = key.slice(end + 1);
    fields.set(field, value);
    keys.push({ key, field });
  }
  const items = Array.from(groups, ([index, fields]) => ({ index, fields }));
  return { items: items.sort((left, right) => left.index - right.index), keys };
}

/** Where the digits at `start` end, or -1 where they are not a number that a point or nothing follows. */
function endOfNumber(key: string, start: number): number {
  let end = start;
  while (end < key.length && isDigit(key.charCodeAt(end))) end++;
  if (end === start || end - start > MOST_DIGITS) return -1;
  return end === key.length || key[end] === "." ? end : -1;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
