/** The value of a field, or of one further in: `usage.inputTokens`. */
export function valueAt(row: unknown, path: string): unknown {
  if (isObject(row) && path in row) return row[path];
  return path.split(".").reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), row);
}

/** A value as one line of text: scalars as they are, lists of scalars with commas, and the rest as JSON. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((entry) => typeof entry !== "object")) return value.map(cellOf).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value).replaceAll(CONTROLS, " ");
}

/** Line breaks would break a table, and escape sequences of stored text would reach the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** At most so many characters; a longer text ends with an ellipsis. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join("")}…`;
}
