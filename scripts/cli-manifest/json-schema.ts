import type { Route } from "@treadle/contract";

/** What the commands read of a JSON Schema. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** A shape of the contract as JSON Schema: what a caller sends, or what the server returns. */
export const schemaOf = (shape: Route["body"], io: "input" | "output"): Schema =>
  // Zod's own type of a schema is wider than the words that are read here.
  (shape?.toJSONSchema({ io, unrepresentable: "any" }) ?? {}) as Schema;

/** The schemas of which a value fits one; null left out. */
export function variantsOf(schema: Schema): readonly Schema[] {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.flatMap(variantsOf);
  if (Array.isArray(schema.type)) return schema.type.flatMap((type: string) => variantsOf({ ...schema, type }));
  return schema.type === "null" || schema.const === null ? [] : [schema];
}

export function isNullable(schema: Schema): boolean {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.some(isNullable);
  return (
    schema.type === "null" || schema.const === null || (Array.isArray(schema.type) && schema.type.includes("null"))
  );
}

const SCALARS: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean"]);

/** A text, a number or a boolean, and never more. */
export function isScalar(schema: Schema): boolean {
  const variants = variantsOf(schema);
  return variants.length > 0 && variants.every(({ type, const: value }) => SCALARS.has(type) || isScalarValue(value));
}

const isScalarValue = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

/** The fields of an object, or of every variant of a union of objects; a field that not all variants need is not needed. */
export function fieldsOf(schema: Schema): { fields: Readonly<Record<string, Schema>>; required: readonly string[] } {
  const objects = variantsOf(schema).filter(({ properties }) => properties);
  const fields: Record<string, Schema> = {};
  for (const { properties = {} } of objects)
    for (const [name, field] of Object.entries(properties)) {
      const before = fields[name];
      fields[name] = before ? { anyOf: [before, field], description: before.description ?? field.description } : field;
    }
  const required = Object.keys(fields).filter((name) => objects.every((object) => object.required?.includes(name)));
  return { fields, required };
}
