const MAX_DEPTH = 32;
const MAX_CHARACTERS = 1_000_000;

/**
 * A copy of any value as JSON can hold it, so that later changes to it are not recorded: functions, cycles, errors, big numbers,
 * maps and bytes become something to read instead of an exception. What is longer than a million characters is cut.
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
