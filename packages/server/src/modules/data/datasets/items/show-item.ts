import type { ItemRow } from "@treadle/contract";

type Show = { readonly fields: readonly string[]; readonly maxChars?: number | undefined };

/** An item as a list shows it: only the fields that are wanted, and long texts cut off. */
export function showItem(item: ItemRow, { fields, maxChars }: Show): ItemRow {
  const wanted = fields.length === 0 ? null : new Set(fields);
  const pick = (section: "inputs" | "metadata") =>
    wanted === null || wanted.has(section)
      ? item[section]
      : Object.fromEntries(Object.entries(item[section]).filter(([key]) => isWanted(wanted, `${section}.${key}`)));
  const expected = wanted === null || isWanted(wanted, "expected") ? item.expected : null;
  const shown = { ...item, inputs: pick("inputs"), metadata: pick("metadata"), expected };
  if (maxChars === undefined) return shown;
  const cut = (value: unknown) => cutTexts(value, maxChars);
  return {
    ...shown,
    inputs: cutEntries(shown.inputs, cut),
    metadata: cutEntries(shown.metadata, cut),
    expected: cut(expected),
  };
}

/** The field itself, or one inside it. */
const isWanted = (wanted: ReadonlySet<string>, field: string) =>
  wanted.has(field) || [...wanted].some((name) => name.startsWith(`${field}.`));

const cutEntries = (values: Readonly<Record<string, unknown>>, cut: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, cut(value)]));

function cutTexts(value: unknown, most: number): unknown {
  if (typeof value === "string") return value.length > most ? `${value.slice(0, most)}…` : value;
  if (Array.isArray(value)) return value.map((each) => cutTexts(each, most));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cutTexts(each, most)]));
}
