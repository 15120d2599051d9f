import { numberOf, parseText } from "./json.ts";
import { type IndexedItem, readIndexed } from "./read-indexed.ts";
import type { Attributes, AttributeValue } from "./received-span.ts";

export type AttributeReader = ReturnType<typeof createAttributeReader>;

/** Deeper attributes are cut off. */
const DEEPEST = 100;

/** Reads attributes by their names, the first that says something winning, and remembers which were read. */
export function createAttributeReader(attributes: Attributes) {
  const consumed: string[] = [];

  function first<Value>(names: readonly string[], read: (value: AttributeValue) => Value | undefined) {
    for (const name of names) {
      const given = attributes.get(name);
      const value = given === undefined || given === null ? undefined : read(given);
      if (value === undefined) continue;
      consumed.push(name);
      return value;
    }
    return undefined;
  }

  return {
    attributes,
    consumed: consumed as readonly string[],
    /** Reads without consuming: the attribute is stored in addition to the derived value. */
    peek: (name: string): string => textOrUndefined(attributes.get(name) ?? null) ?? "",
    /** As `value`, without taking: a record of which more is worth keeping than has a field. */
    look(name: string): unknown {
      const given = attributes.get(name);
      return given === undefined || given === null ? undefined : emptyAsMissing(toJson(given));
    },
    text: (...names: string[]): string => first(names, textOrUndefined) ?? "",
    number: (...names: string[]): number | undefined => first(names, numberOf),
    /** Any value; a text that is JSON is parsed, a map becomes an object. */
    value: (...names: string[]): unknown => first(names, (value) => emptyAsMissing(toJson(value))),
    /** A list of texts, also where it was written as JSON or with commas. */
    texts: (...names: string[]): string[] => first(names, textsOrUndefined) ?? [],
    /** A family such as `llm.tools.N.…`, in order. Of the fields after the number, only those that are read are consumed. */
    items(prefix: string, read: RegExp): IndexedItem[] {
      const { items, keys } = readIndexed(attributes, prefix);
      for (const { key, field } of keys) if (read.test(field)) consumed.push(key);
      return items;
    },
    /** The attributes whose names begin with one of the prefixes, under the rest of their names. */
    family(...prefixes: string[]): [name: string, value: AttributeValue][] {
      const matches: [string, AttributeValue][] = [];
      for (const [key, value] of attributes) {
        for (const prefix of prefixes) {
          if (!key.startsWith(prefix) || value === null) continue;
          consumed.push(key);
          matches.push([key.slice(prefix.length), value]);
          break;
        }
      }
      return matches;
    },
    drop(...names: string[]) {
      for (const name of names) if (attributes.has(name)) consumed.push(name);
    },
  };
}

/** A value as plain JSON. A map's keys become an object's own keys, `__proto__` included, and change nothing else. */
export function toJson(value: AttributeValue): unknown {
  return typeof value === "string" ? parseText(value) : toPlain(value, DEEPEST);
}

function toPlain(value: AttributeValue, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, item]) => [key, toPlain(item, depth - 1)]));
  return Array.isArray(value) ? value.map((item) => toPlain(item, depth - 1)) : null;
}

const emptyAsMissing = (value: unknown) => (value === "" || value === null ? undefined : value);

function textOrUndefined(value: AttributeValue): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function textsOrUndefined(value: AttributeValue): string[] | undefined {
  const plain = toJson(value);
  const list = Array.isArray(plain) ? plain : typeof plain === "string" ? plain.split(",") : [];
  const texts = list.flatMap((item) => (typeof item === "string" && item.trim() !== "" ? [item.trim()] : []));
  return texts.length > 0 ? texts : undefined;
}
