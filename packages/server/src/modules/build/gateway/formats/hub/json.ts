import { isRecord } from "../../../../../kernel/is-record.ts";
/** Readers of JSON of an unknown shape: each returns an empty value if the expected one is missing. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export const recordOf = (value: unknown): JsonRecord => (isRecord(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const recordsOf = (value: unknown): JsonRecord[] => listOf(value).filter(isRecord);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
/** A token count: a whole number that is not negative. */
export const countOf = (value: unknown): number => Math.max(0, Math.round(numberOf(value) ?? 0));

/** The value, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy without the entries that are undefined. */
export function compact<T extends Record<string, unknown>>(value: T): T {
  const copy = { ...value };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}
