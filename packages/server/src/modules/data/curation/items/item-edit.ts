import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

type Json = Readonly<Record<string, unknown>>;
/** The same value with every string in it replaced; keys, and whose turn it is, stay as they are. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, key === "role" ? entry : mapStrings(entry, change)]),
  );
}

export const mapRecord = (value: Json, change: (text: string) => string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapStrings(entry, change)]));

/** The flags that curation left on an item, in its metadata, where filters find them. */
export const flagsOf = ({ metadata: { flags } }: Pick<Item, "metadata">): string[] =>
  Array.isArray(flags) ? flags.filter((flag) => typeof flag === "string") : [];

/** The item with more flags, each once and in order. */
export const addFlags = (item: Item, flags: readonly string[]): Item => ({
  ...item,
  metadata: { ...item.metadata, flags: [...new Set([...flagsOf(item), ...flags])].toSorted() },
});
