import type { Answer } from "../../../../api.ts";

type Json = Readonly<Record<string, unknown>>;
export type Row = Answer<"GET /api/v1/datasets/:datasetId/items">["items"][number];

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a field such as `inputs.question`, `expected` or `metadata.topic`; undefined where the item has none. */
function valueAt(row: Pick<Row, "inputs" | "expected" | "metadata">, field: string): unknown {
  let found: unknown = { inputs: row.inputs, expected: row.expected, metadata: row.metadata };
  for (const part of field.split(".")) {
    if (!isJson(found) || !Object.hasOwn(found, part)) return undefined;
    found = found[part];
  }
  return found;
}

/** The fields of some items, by name. */
export function fieldsOf(rows: readonly Row[]): readonly string[] {
  const of = (place: "inputs" | "metadata") => [
    ...new Set(rows.flatMap((row) => Object.keys(row[place]).map((name) => `${place}.${name}`))),
  ];
  const expected = rows.some(({ expected }) => expected !== null) ? ["expected"] : [];
  return [...of("inputs"), ...expected, ...of("metadata")];
}

type Needed = { names: readonly string[]; fields: readonly string[]; mapping: Readonly<Record<string, string>> };

/** Where each input is taken from: as was chosen, from the field of the same name, or, of one input and one field, from each other. "" is nowhere. */
export function mapInputs({ names, fields, mapping }: Needed): Readonly<Record<string, string>> {
  const own = fields.filter((field) => field.startsWith("inputs.") && field !== "inputs.messages");
  return Object.fromEntries(
    names.map((name) => {
      const chosen = mapping[name];
      if (chosen !== undefined) return [name, chosen];
      const same = [`inputs.${name}`, `metadata.${name}`].find((field) => fields.includes(field));
      return [name, same ?? (names.length === 1 && own.length === 1 ? (own[0] ?? "") : "")];
    }),
  );
}

/** The inputs of an item by name. What an item does not have is left out, so that a schema can say that it is missing. */
export const inputsFor = (row: Row, mapping: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([name, field]) => {
      const value = field === "" ? undefined : valueAt(row, field);
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );

/** The messages of an item, unless an input takes them. */
export function conversationOf(row: Row, mapping: Readonly<Record<string, string>>): readonly unknown[] {
  const { messages } = row.inputs;
  return Array.isArray(messages) && !Object.values(mapping).includes("inputs.messages") ? messages : [];
}
