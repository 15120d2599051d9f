import { FILTER_FIELDS, type FilterField, findFilterField } from "@treadle/contract";
import { writeKey, writeValue } from "./edit-filter.ts";
import { type Stretch, scanFilter, type Term } from "./scan-filter.ts";

/** The caret position: what can be completed there, and which range of the text a choice replaces. */
export type Place = Stretch &
  (
    | { readonly kind: "field"; readonly word: string }
    | { readonly kind: "key"; readonly field: FilterField; readonly word: string }
    | { readonly kind: "value"; readonly field: FilterField; readonly operator: string; readonly word: string }
    | { readonly kind: "none" }
  );

/** One choice. Choosing it puts `insert` in place of the stretch; `isOpen` means that more has to follow. */
export type Completion = {
  readonly id: string;
  readonly group: "Fields" | "Operators" | "Values" | "Recent";
  readonly label: string;
  readonly note?: string;
  readonly count?: number;
  readonly insert: string;
  readonly isOpen: boolean;
};

/** The completions at the caret. */
export function placeAt(text: string, caret: number): Place {
  const part = scanFilter(text).find(({ from, to }) => from <= caret && caret <= to && from < to);
  if (part && part.type !== "term" && part.to > caret) return { kind: "none", from: caret, to: caret };
  if (part?.type !== "term") return { kind: "field", word: "", from: caret, to: caret };
  const start = part.from + (part.isNegated ? 1 : 0);
  if (caret < start) return { kind: "none", from: caret, to: caret };
  if (part.operator === null || part.field === null || caret < part.operator.to) {
    const to = part.operator?.to ?? part.to;
    return namePlace(text.slice(start, caret), { from: start, to });
  }
  return valuePlace(text, caret, part);
}

/** Before a comparison: a field's name, or behind its point a key. */
function namePlace(word: string, stretch: Stretch): Place {
  if (word.startsWith('"')) return { kind: "none", ...stretch };
  const point = word.indexOf(".");
  const field = point > 0 ? findFilterField(word.slice(0, point)) : undefined;
  return field?.isKeyed
    ? { kind: "key", field, word: word.slice(point + 1).replaceAll('"', ""), ...stretch }
    : { kind: "field", word, ...stretch };
}

function valuePlace(text: string, caret: number, { field: name, operator, values }: Term): Place {
  const field = name && findFilterField(text.slice(name.from, name.to).split(".")[0] ?? "");
  const value = values.find(({ from, to }) => from <= caret && caret <= to);
  if (!field || !operator || !value) return { kind: "none", from: caret, to: caret };
  const word = text.slice(value.from, caret).replaceAll(/^"|"$/g, "").replaceAll(/\\(.)/g, "$1");
  return { kind: "value", field, operator: text.slice(operator.from, operator.to), word, ...value };
}

const isNumeric = ({ kind }: FilterField) => kind === "number" || kind === "duration" || kind === "money";
const LABELS = { text: ":", choice: ":", score: "<", number: ">", duration: ">", money: ">" } as const;

/**
 * Fields that begin with the word, then those that hold it; a field that is written out offers its comparisons first.
 */
export function completeField(word: string): readonly Completion[] {
  const exact = findFilterField(word);
  const lower = word.toLowerCase();
  const fields = FILTER_FIELDS.filter(
    (field: FilterField) =>
      field !== exact && [field.name, ...field.aliases].some((one) => one.toLowerCase().includes(lower)),
  ).toSorted((a, b) => Number(b.name.toLowerCase().startsWith(lower)) - Number(a.name.toLowerCase().startsWith(lower)));
  return [...(exact ? operatorsOf(exact, exact.name) : []), ...fields.map(fieldOption)];
}

/** The comparisons of the key as it is written, and the keys that the server has seen. */
export function completeKey(
  { field, word }: { field: FilterField; word: string },
  known: readonly KnownValue[],
): readonly Completion[] {
  const keys = known.filter(({ value }) => value !== word && value.toLowerCase().includes(word.toLowerCase()));
  return [
    ...(word === "" ? [] : operatorsOf(field, writeKey(field.name, word))),
    ...keys.map(({ value, count }) => {
      const name = writeKey(field.name, value);
      const insert = `${name}${LABELS[field.kind]}`;
      return { id: `key-${value}`, group: "Fields" as const, label: insert, count: count ?? 0, insert, isOpen: true };
    }),
  ];
}

function fieldOption(field: FilterField): Completion {
  const insert = field.isKeyed ? `${field.name}.` : `${field.name}${LABELS[field.kind]}`;
  return {
    id: `field-${field.name}`,
    group: "Fields",
    label: insert,
    note: field.description,
    insert,
    isOpen: true,
  };
}

function operatorsOf(field: FilterField, name: string): readonly Completion[] {
  if (field.isKeyed && name === field.name) return [fieldOption(field)];
  const words =
    isNumeric(field) || field.kind === "score"
      ? ([
          [">", "more than"],
          [">=", "at least"],
          ["<", "less than"],
          ["<=", "at most"],
          [":", "exactly"],
        ] as const)
      : ([
          [":", "is"],
          ["!=", "is not"],
        ] as const);
  return words.map(([operator, note]) => ({
    id: `operator-${operator}`,
    group: "Operators",
    label: `${name}${operator}`,
    note,
    insert: `${name}${operator}`,
    isOpen: true,
  }));
}

/** Round numbers to begin with, where values cannot be listed. */
const NUMBERS: Readonly<Partial<Record<FilterField["kind"], readonly string[]>>> = {
  duration: ["500ms", "1s", "2s", "5s", "30s"],
  money: ["0.001", "0.01", "0.1", "1"],
  number: ["100", "1k", "10k", "100k"],
  score: ["0.5"],
};

export type KnownValue = { readonly value: string; readonly count?: number };

/** The values of a field: its own choices, round numbers, or `known` ones that the server has seen. */
export function completeValue(
  { field, word }: { field: FilterField; word: string },
  known: readonly KnownValue[],
): readonly Completion[] {
  const given: readonly KnownValue[] =
    field.choices?.map((value) => ({ value })) ?? NUMBERS[field.kind]?.map((value) => ({ value })) ?? known;
  const lower = word.toLowerCase();
  const fitting = given.filter(({ value }) => value !== "" && value.toLowerCase().includes(lower));
  // A complete single value has no completions.
  if (fitting.length === 1 && fitting[0]?.value === word) return [];
  return fitting.map(({ value, count }) => ({
    id: `value-${value}`,
    group: "Values",
    label: value,
    ...(count !== undefined && { count }),
    insert: writeValue(value),
    isOpen: false,
  }));
}

/** The text and the caret after a choice. A finished value is followed by a blank. */
export function applyCompletion(
  text: string,
  { from, to }: Stretch,
  { insert, isOpen }: Completion,
): { text: string; caret: number } {
  const after = text.slice(to);
  const end = isOpen || /^[\s),]/.test(after) ? "" : " ";
  return { text: text.slice(0, from) + insert + end + after, caret: from + insert.length + end.length };
}
