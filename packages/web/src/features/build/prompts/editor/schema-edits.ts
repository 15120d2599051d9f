import { propertiesOf, requiredOf } from "../../../../components/form/input-values.ts";

type Json = Readonly<Record<string, unknown>>;

export const INPUT_TYPES = ["string", "number", "integer", "boolean", "array", "object"] as const;
/** One input of a schema, as a row of a form. Fields that the form does not have are stored in `rest`. */
export type InputRow = { name: string; type: string; description: string; isRequired: boolean; rest: Json };

/** The rows of a schema, or undefined if the schema is more than a list of inputs. */
export function rowsOf(schema: Json): readonly InputRow[] | undefined {
  if ((schema.type ?? "object") !== "object" || schema.$ref || schema.oneOf || schema.anyOf || schema.allOf)
    return undefined;
  const properties = propertiesOf(schema);
  const isWhole = typeof schema.properties !== "object" || schema.properties === null;
  if (!isWhole && Object.keys(schema.properties ?? {}).length !== Object.keys(properties).length) return undefined;
  const required = requiredOf(schema);
  return Object.entries(properties).map(([name, { type, description, ...rest }]) => ({
    name,
    type: typeof type === "string" ? type : "",
    description: typeof description === "string" ? description : "",
    isRequired: required.includes(name),
    rest: type !== undefined && typeof type !== "string" ? { ...rest, type } : rest,
  }));
}

/** The schema with other rows; everything else in it stays. */
export function withRows(schema: Json, rows: readonly InputRow[]): Json {
  const properties = rows.map(({ name, type, description, rest }) => [
    name,
    { ...(type && { type }), ...(description && { description }), ...rest },
  ]);
  const required = rows.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const { required: _, properties: __, ...others } = schema;
  return {
    type: "object",
    ...others,
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

/** A new input, with a name from the text or without a name. */
export const newRow = (name: string, isList = false): InputRow => ({
  name,
  type: isList ? "array" : "string",
  description: "",
  isRequired: true,
  rest: {},
});
