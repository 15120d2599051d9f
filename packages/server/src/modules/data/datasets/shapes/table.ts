import type { ColumnMapping } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { parseJson } from "../files/parse-row.ts";
import { pointerStep, type Row } from "../files/row.ts";
import { readId, readSplit } from "./extra-fields.ts";
import { guessMapping } from "./guess-mapping.ts";
import { type PathStep, refuse, type Shape } from "./shape.ts";

/** A table whose columns a mapping assigns. */
export const tableWith = (mapping: readonly ColumnMapping[]): Shape => ({
  ...table,
  read: (row) => readMapped(row, mapping),
  passes: (path) => passesMapped(path, mapping),
});

/** For a column that becomes a text, only the text itself: nested values are serialized again. */
function passesMapped([column, ...inner]: readonly PathStep[], mapping: readonly ColumnMapping[]) {
  const uses = mapping.filter((one) => one.column === column);
  if (uses.some(({ to }) => to === "split")) return null;
  const isAsIs = uses.every(({ parse }) => parse === "as-is" || (parse === "text" && inner.length === 0));
  if (!isAsIs) return null;
  return uses.some(({ to }) => to === "id") ? (inner.length === 0 ? "id" : null) : "as-is";
}

/** Any row with keys. Without a mapping the names of the columns say where each goes. */
export const table: Shape = {
  id: "table",
  label: "Table",
  description: "Columns that a mapping assigns to inputs, expected, metadata, split and id.",
  fits: () => true,
  read: (row) => readMapped(row, guessMapping(Object.keys(row))),
  write: ({ ownId, inputs, expected, metadata, split }) => ({
    ...(ownId !== null && { id: ownId }),
    ...prefixed("inputs", inputs),
    ...(isRecord(expected) && Object.keys(expected).length > 0
      ? prefixed("expected", expected)
      : expected !== null && { expected }),
    ...prefixed("metadata", metadata),
    ...(split !== null && { split }),
  }),
};

function prefixed(prefix: string, values: Row): Row {
  if (Object.hasOwn(values, ""))
    refuse(`/${prefix}`, "One of its keys is empty and cannot become a column name. Rename the key.");
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]));
}

function readMapped(row: Row, mapping: readonly ColumnMapping[]) {
  const [inputs, fields, metadata]: Record<string, unknown>[] = [{}, {}, {}];
  const whole: [column: string, value: unknown][] = [];
  let itemId: string | null = null;
  let split: string | null = null;
  for (const { column, to, name, parse } of mapping) {
    const pointer = pointerStep(column);
    const value = readCell(row[column], parse, pointer);
    if (value === undefined || to === "ignore") continue;
    if (to === "id") itemId = readId(value, pointer);
    else if (to === "split") split = readSplit(value, pointer);
    else if (to === "inputs") put(inputs, name ?? column, value);
    else if (to === "metadata") put(metadata, name ?? column, value);
    else if (name !== null) put(fields, name, value);
    else whole.push([column, value]);
  }
  return { itemId, inputs: inputs ?? {}, expected: expectedOf(whole, fields ?? {}), metadata: metadata ?? {}, split };
}

const put = (holder: Record<string, unknown> | undefined, key: string, value: unknown) => {
  if (holder) holder[key] = value;
};

/** One column is the value itself; several are an object by their names. */
function expectedOf(whole: readonly [column: string, value: unknown][], fields: Row): unknown {
  const [first] = whole;
  if (Object.keys(fields).length > 0 || whole.length > 1) return { ...Object.fromEntries(whole), ...fields };
  return first ? first[1] : null;
}

function readCell(value: unknown, parse: ColumnMapping["parse"], pointer: string): unknown {
  if (value === undefined || parse === "as-is") return value;
  if (parse === "text") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value !== "string") return value;
  if (parse === "number") {
    const number = value.trim() === "" ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : refuse(pointer, "It is not a number. Read the column as text.");
  }
  const { value: read, problem } = parseJson(Buffer.from(value));
  return problem === null ? read : refuse(pointer, `${problem.message} Or read the column as text.`);
}
