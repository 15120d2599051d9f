import type { Trust } from "@treadle/guards";
import { isRecord } from "../../../../kernel/is-record.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Reads the texts of a request one after the other, and can replace each of them. */
export type TextVisitor = {
  /** Returns the text, or another one instead. `path` is its place, such as `messages.0.content`. */
  text(text: string, at: Place): string;
  /** Content that is no text, such as an image. */
  unknown(at: Place): void;
};
export type Place = { readonly trust: Trust; readonly path: string };

/** The items with their changes; the same list if none changed. */
export function mapItems(
  items: readonly unknown[],
  change: (item: unknown, place: number) => unknown,
): readonly unknown[] {
  const changed = items.map(change);
  return changed.some((item, place) => item !== items[place]) ? changed : items;
}

/** The record with other values of fields; the same record if none of them is another one. */
export function withFields<T extends JsonRecord>(record: T, fields: JsonRecord): T {
  return Object.entries(fields).some(([name, value]) => record[name] !== value) ? { ...record, ...fields } : record;
}

/** A field that is a text. Anything else stays as it is. */
export const mapText = (value: unknown, visitor: TextVisitor, at: Place): unknown =>
  typeof value === "string" ? visitor.text(value, at) : value;

type Part = (part: JsonRecord, at: Place) => JsonRecord;

/** Content that is a text or a list of parts. */
export function mapContent(
  content: unknown,
  at: Place,
  { visitor, part }: { visitor: TextVisitor; part: Part },
): unknown {
  if (typeof content === "string") return visitor.text(content, at);
  if (!Array.isArray(content)) return content;
  return mapItems(content, (item, place) => {
    const here = { ...at, path: `${at.path}.${place}` };
    if (typeof item === "string") return visitor.text(item, here);
    return isRecord(item) ? part(item, here) : item;
  });
}
