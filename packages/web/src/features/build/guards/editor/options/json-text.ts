import { explain } from "../../../../../api.ts";

/** A value as it is edited. A text is what could not be read. */
export const printJson = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2);

/** The value that a text has; the text itself if it is not JSON, and undefined if it is empty. */
export function readJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Why a value is not JSON; undefined if it is. */
export function problemOfJson(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch (error) {
    return `This is not JSON: ${explain(error)}`;
  }
}
