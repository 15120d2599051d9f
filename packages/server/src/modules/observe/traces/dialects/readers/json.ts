import { isRecord } from "../../../../../kernel/is-record.ts";
import { scanJson } from "../../../../../kernel/scan-json.ts";

/** Readers of values whose shape is not known: each gives an empty value where the wanted one is missing. */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Deeper JSON is stored as its text: it could be parsed, but not serialized again. */
const DEEPEST = 100;
/** A long text may be made to take a hundred times its memory once it is parsed; with more values than these it stays a text. */
const LONG = 64 * 1024;
const MOST_VALUES = 200_000;

export const recordOf = (value: unknown): JsonRecord => (isRecord(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** An own field of the record, never one from its prototype. */
export const fieldOf = (record: JsonRecord, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The first of the fields that is a text with something in it. */
export function firstText(record: JsonRecord, names: readonly string[]): string {
  for (const name of names) {
    const value = fieldOf(record, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** A number that is finite, also where it was written as a text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/**
 * Detected by its first characters, and fully for a number or a word, since each failed parse throws. Every eighth
 * English text starts like a JSON word.
 */
const MAY_BE_JSON = /^\s*(?:["[{]|(?:true|false|null|-?\d[\d.eE+-]*)\s*$)/;

/** The parsed JSON, or the text itself if it is not JSON. */
export function parseText(text: string): unknown {
  if (!MAY_BE_JSON.test(text)) return text;
  if (text.length > LONG && scanJson(Buffer.from(text), MOST_VALUES) !== null) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value, DEEPEST) ? value : text;
  } catch {
    return text;
  }
}

/** As people read it: a text as it stands, anything else as JSON. */
export const showValue = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : (JSON.stringify(value) ?? "");

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (!isShallow(item, depth - 1)) return false;
  }
  return true;
}
