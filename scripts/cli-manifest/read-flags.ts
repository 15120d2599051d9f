import type { Route } from "@treadle/contract";
import type { Flag, FlagKind, Param } from "../../packages/cli/src/operations/operation.ts";
import { fieldsOf, isNullable, isScalar, type Schema, schemaOf, variantsOf } from "./json-schema.ts";

/** Flags that a generated command has in any case; a field of this name is set by `--set-NAME`. */
const RESERVED: ReadonlySet<string> = new Set(
  "url key project profile header json jsonl csv quiet columns output body file clear wait all help".split(" "),
);
/** The flag of a command whose operation accepts an idempotency key. */
const KEY_FLAG = "idempotency-key";
/** Commander reads a flag that begins like this as the opposite of another. */
const NEGATED = /^no-/;

export const kebab = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();

/** The arguments of a path, in their order. */
export function readParams(endpoint: string, route: Route): readonly Param[] {
  const { fields } = fieldsOf(schemaOf(route.params, "input"));
  return [...endpoint.matchAll(/:(\w+)/g)].map(([, field = ""]) => ({
    field,
    name: kebab(field),
    ...helpOf(fields[field] ?? {}),
  }));
}

/** The flags of the query and of the top level of the body. */
export function readFlags(route: Route, acceptsKey = false): readonly Flag[] {
  const reserved = acceptsKey ? new Set([...RESERVED, KEY_FLAG]) : RESERVED;
  const query = flagsIn("query", withBooleans(route), reserved);
  const taken = new Set(query.map(({ name }) => name));
  const body = flagsIn("body", schemaOf(route.body, "input"), reserved);
  return [
    ...query,
    ...body.map((flag) => (taken.has(flag.name) ? { ...flag, name: `body-${kebab(flag.field)}` } : flag)),
  ];
}

/** A query carries texts, and some of them are read as booleans. */
function withBooleans({ query }: Route): Schema {
  const input = schemaOf(query, "input");
  const output = fieldsOf(schemaOf(query, "output")).fields;
  const fields = Object.entries(input.properties ?? {}).map(([name, field]) => {
    const isBoolean = variantsOf(output[name] ?? {}).every(({ type }) => type === "boolean");
    return [name, output[name] && isBoolean ? { type: "boolean", description: field.description } : field];
  });
  return { ...input, properties: Object.fromEntries(fields) };
}

function flagsIn(place: Flag["in"], schema: Schema, reserved: ReadonlySet<string>): readonly Flag[] {
  const { fields, required } = fieldsOf(schema);
  return Object.entries(fields).map(([field, shape]) => {
    const name = kebab(field);
    const variants = variantsOf(shape);
    const kind = kindOf(variants, place);
    return {
      field,
      name: reserved.has(name) || NEGATED.test(name) ? `set-${name}` : name,
      in: place,
      kind,
      ...helpOf(shape),
      ...(kind === "choice" && { choices: choicesOf(variants) }),
      ...((kind === "number" || kind === "integer") && limitsOf(variants)),
      ...(required.includes(field) && { required: true }),
      ...(place === "body" && isNullable(shape) && { nullable: true }),
    };
  });
}

const helpOf = ({ description }: Schema) => (description === undefined ? {} : { help: description });

function kindOf(variants: readonly Schema[], place: Flag["in"]): FlagKind {
  const choices = choicesOf(variants);
  if (choices.length > 0) return "choice";
  const types = [...new Set(variants.map(({ type }) => type))];
  const [type] = types;
  if (place === "query" && types.includes("string")) return "text";
  if (types.length > 1) return types.every((one) => one === "integer" || one === "number") ? "number" : "any";
  if (type === "string") return "text";
  if (type === "number" || type === "integer" || type === "boolean") return type;
  if (type === "array") return listKindOf(variants);
  return type === undefined ? "any" : "json";
}

function listKindOf(variants: readonly Schema[]): FlagKind {
  const entries = variants.flatMap(({ items = {} }) => variantsOf(items));
  if (!entries.every(isScalar)) return "json";
  if (entries.every(({ type }) => type === "number" || type === "integer")) return "numbers";
  return entries.every(({ type, const: value }) => type === "string" || typeof value === "string") ? "list" : "json";
}

/** The texts of a closed list; nothing where another text fits as well. */
function choicesOf(variants: readonly Schema[]): readonly string[] {
  const values = variants.flatMap(
    (variant) => variant.enum ?? (variant.const === undefined ? [null] : [variant.const]),
  );
  const isClosed = values.length > 0 && values.every((value) => typeof value === "string" && value !== "");
  return isClosed ? [...new Set(values.map(String))] : [];
}

/** JavaScript's own limits apply to every whole number, so they are left out. */
function limitsOf(variants: readonly Schema[]) {
  const min = Math.min(...variants.map(({ minimum = Number.NEGATIVE_INFINITY }) => minimum));
  const max = Math.max(...variants.map(({ maximum = Number.POSITIVE_INFINITY }) => maximum));
  return {
    ...(Number.isFinite(min) && min > Number.MIN_SAFE_INTEGER && { min }),
    ...(Number.isFinite(max) && max < Number.MAX_SAFE_INTEGER && { max }),
  };
}
