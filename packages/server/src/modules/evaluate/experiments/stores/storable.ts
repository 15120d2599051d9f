/** The JSON escape of a character that PostgreSQL cannot store: U+0000, or half of a surrogate pair. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** A text as a database can keep it: what it cannot hold is U+FFFD. */
export const storableText = (text: string): string => text.replaceAll("\0", "\uFFFD").toWellFormed();

/** JSON of a value as a database can keep it. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return UNSTORABLE.test(text) ? JSON.stringify(cleaned(value)) : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [storableText(key), cleaned(each)]));
}
