/** Text by name: `__proto__` is a name like any other. */
export type TextMap = Record<string, string>;

/**
 * Attributes as the columnar store's map of texts holds them. A text stays as it is, so that it can be searched; anything else is JSON,
 * and so is a text that could be taken for JSON.
 */
export function writeAttributes(attributes: Readonly<Record<string, unknown>>): TextMap {
  return mapTexts(attributes, (value) =>
    typeof value === "string" && !isJson(value) ? value : (JSON.stringify(value) ?? "null"),
  );
}

export const writeTexts = (texts: Readonly<Record<string, string>>): TextMap => mapTexts(texts, (text) => text);

/** The other way. Keys and values come as two lists, because an object would lose some keys. */
export const readAttributes = (keys: readonly string[], values: readonly string[]): Record<string, unknown> =>
  zip(keys, values, (text) => (isJson(text) ? JSON.parse(text) : text));

export const readTexts = (keys: readonly string[], values: readonly string[]): TextMap =>
  zip(keys, values, (text) => text);

function mapTexts<Value>(record: Readonly<Record<string, Value>>, write: (value: Value) => string): TextMap {
  const map: TextMap = {};
  for (const name in record) {
    if (!Object.hasOwn(record, name)) continue;
    const key = name.toWellFormed();
    const text = write(record[name] as Value).toWellFormed();
    // An assignment to this one name would set the prototype instead of a key.
    if (key === "__proto__") Object.defineProperty(map, key, { value: text, enumerable: true });
    else map[key] = text;
  }
  return map;
}

function zip<Value>(
  keys: readonly string[],
  values: readonly string[],
  read: (text: string) => Value,
): Record<string, Value> {
  const record: Record<string, Value> = Object.create(null);
  for (const [index, key] of keys.entries()) record[key] = read(values[index] ?? "");
  return record;
}

/** A number as JSON writes it, or one of its words. */
const PLAIN_JSON = /^[ \t\n\r]*(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)[ \t\n\r]*$/;
const HAS_JSON_ENDS = /^[ \t\n\r]*(?:\{[\s\S]*\}|\[[\s\S]*\]|"[\s\S]*")[ \t\n\r]*$/;

function isJson(text: string): boolean {
  if (PLAIN_JSON.test(text)) return true;
  // Detected by the first and the last character if possible, since each failed parse throws.
  if (!HAS_JSON_ENDS.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
