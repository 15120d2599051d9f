import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { canonicalJson } from "./item-text.ts";

/** The value of the field. Undefined if there is none. A name with dots is found as well. */
export function fieldOf(item: Item, field: string): unknown {
  const [root = "", ...names] = field.split(".");
  return at(Reflect.get(item, root), names);
}

/** The same as a text, so that equal values are equal texts. Null if there is none. */
export function fieldText(item: Item, field: string): string | null {
  const value = fieldOf(item, field);
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : canonicalJson(value);
}

function at(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0) return value;
  if (!isRecord(value)) return undefined;
  for (let length = names.length; length > 0; length--) {
    const name = names.slice(0, length).join(".");
    if (Object.hasOwn(value, name)) return at(value[name], names.slice(length));
  }
  return undefined;
}
