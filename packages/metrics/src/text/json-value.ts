/** A value as JSON.parse gives it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Deeper values are refused: they would overflow the stack. */
const MOST_DEPTH = 500;

/** The JSON of a value with its keys sorted, so that equal values have equal texts. Throws a RangeError for one nested deeper than 500. */
export function canonicalJson(value: JsonValue, depth = 0): string {
  if (depth > MOST_DEPTH) throw new RangeError(`the JSON is nested deeper than ${MOST_DEPTH}`);
  if (isList(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null, depth + 1)}`).join(",")}}`;
}

export const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

export const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value a text holds as JSON, also within a code fence of Markdown that is all of the text; undefined when it holds none. */
export function parseJson(text: string): JsonValue | undefined {
  const trimmed = text.trim();
  const fenced = trimmed.startsWith("```") && trimmed.endsWith("```") && trimmed.includes("\n");
  const body = fenced ? trimmed.slice(trimmed.indexOf("\n") + 1, -3) : trimmed;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
