import { parseJson } from "../files/parse-row.ts";

/** A text that holds a JSON object or list as its value; anything else as it is. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  const parsed = parseJson(Buffer.from(value));
  return parsed.problem === null ? parsed.value : value;
}

/** The same for a table cell, in which texts may be quoted as JSON and `null` means no value. */
export function jsonInCell(value: unknown): unknown {
  if (value === "null") return null;
  if (typeof value !== "string" || !/^\s*".*"\s*$/s.test(value)) return jsonIn(value);
  const parsed = parseJson(Buffer.from(value));
  return parsed.problem === null ? parsed.value : value;
}
