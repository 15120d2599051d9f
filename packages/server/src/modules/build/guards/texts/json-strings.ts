import { isRecord } from "../../../../kernel/is-record.ts";
import { mapItems, type Place, type TextVisitor } from "./text-visitor.ts";

/** A shorter whole number is no card and no number of a person. */
const SHORTEST_NUMBER = 1e8;

/** A JSON value with its texts changed; the same value if none changed. A long number is read as a text too. */
export function mapStrings(value: unknown, visitor: TextVisitor, at: Place): unknown {
  if (typeof value === "string") return visitor.text(value, at);
  if (typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) >= SHORTEST_NUMBER) {
    const changed = visitor.text(String(value), at);
    return changed === String(value) ? value : changed;
  }
  if (Array.isArray(value))
    return mapItems(value, (item, place) => mapStrings(item, visitor, { ...at, path: `${at.path}.${place}` }));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    ([name, field]) => [name, mapStrings(field, visitor, { ...at, path: `${at.path}.${name}` })] as const,
  );
  return entries.some(([name, field]) => field !== value[name]) ? Object.fromEntries(entries) : value;
}

/** The arguments of a tool call, which are JSON in a text: the texts inside are read, so that no escape hides anything. */
export function mapArguments(text: string, visitor: TextVisitor, at: Place): string {
  const value = parse(text);
  if (value === undefined) return visitor.text(text, at);
  const changed = mapStrings(value, visitor, at);
  return changed === value ? text : JSON.stringify(changed);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
