import type { BulkChange, Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** The item after a change: the same one when nothing differs, null when it is removed. */
export function applyChange(item: Item, change: BulkChange): Item | null {
  switch (change.kind) {
    case "delete":
      return null;
    case "set-split":
      return item.split === change.split ? item : { ...item, split: change.split };
    case "set-field":
      return setField(item, change.field, change.value ?? null);
    case "remove-field":
      return setField(item, change.field, undefined);
  }
}

/** `undefined` removes the field; of `expected` itself that leaves null. */
function setField(item: Item, field: string, value: unknown): Item {
  const [section = "", ...path] = field.split(".");
  if (section === "inputs" || section === "metadata") {
    const after = setAt(item[section], path, value);
    return after === item[section] ? item : { ...item, [section]: after };
  }
  if (path.length === 0) return { ...item, expected: value ?? null };
  const before = isRecord(item.expected) ? item.expected : {};
  const after = setAt(before, path, value);
  return after === before ? item : { ...item, expected: after };
}

function setAt(object: JsonObject, [key = "", ...rest]: readonly string[], value: unknown): JsonObject {
  if (rest.length > 0) {
    const inner = object[key];
    if (value === undefined && !isRecord(inner)) return object;
    const before = isRecord(inner) ? inner : {};
    const after = setAt(before, rest, value);
    return after === before ? object : put(object, key, after);
  }
  if (value !== undefined) return put(object, key, value);
  if (!Object.hasOwn(object, key)) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** `fromEntries` takes `__proto__` for a key like any other. */
const put = (object: JsonObject, key: string, value: unknown): JsonObject =>
  Object.fromEntries(new Map([...Object.entries(object), [key, value]]));

/** A readable description of a change. */
export function describeChange(change: BulkChange, items: string): string {
  switch (change.kind) {
    case "delete":
      return `Deleted ${items}`;
    case "set-split":
      return change.split === null ? `Removed ${items} from their split` : `Put ${items} into ${change.split}`;
    case "set-field":
      return `Set ${change.field} of ${items}`;
    case "remove-field":
      return `Removed ${change.field} from ${items}`;
  }
}
