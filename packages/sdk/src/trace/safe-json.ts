const MAX_DEPTH = 32;
const MAX_CHARACTERS = 1_000_000;

/**
 * A copy of any value in JSON form, so that later changes to it are not recorded. Functions, cycles, errors, big
 * integers, maps and bytes become readable text instead of an exception. Texts of more than a million characters are
 * cut off.
 */
export function toPlain(value: unknown): unknown {
  try {
    const copy = plain(value, 0, new Set());
    const json = JSON.stringify(copy) ?? "null";
    return json.length <= MAX_CHARACTERS ? copy : `${json.slice(0, MAX_CHARACTERS)}…`;
  } catch (error) {
    return `[not recorded: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

function plain(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[too deep]";
  above.add(value);
  try {
    return plainObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

function plainObject(value: object, depth: number, above: Set<object>): unknown {
  const inner = (item: unknown) => plain(item, depth + 1, above);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return [...value].map(([key, item]) => [inner(key), inner(item)]);
  if (value instanceof Set) return [...value].map(inner);
  if (Array.isArray(value)) return value.map(inner);
  if ("toJSON" in value && typeof value.toJSON === "function") return inner(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}

/** What JSON writes for half of a surrogate pair; a backslash before it would make it plain text. */
const HALF_PAIR = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** JSON in which half of a surrogate pair, such as an emoji that was cut, is U+FFFD: the server refuses a text with half a character. */
export function toWellFormedJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes("\\ud") ? json.replace(HALF_PAIR, "\\ufffd") : json;
}
