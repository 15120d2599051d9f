import { isRecord } from "../../../../../kernel/is-record.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { type JsonRecord, listOf, recordOf, textOf } from "../../formats/hub/json.ts";

/** The keywords of Gemini's schema language, a subset of OpenAPI 3.0. */
const KEPT = new Set([
  "title",
  "description",
  "enum",
  "maxItems",
  "minItems",
  "minProperties",
  "maxProperties",
  "minLength",
  "maxLength",
  "pattern",
  "example",
  "default",
  "minimum",
  "maximum",
  "propertyOrdering",
]);
/** Keywords without effect on the value, and keywords that are translated below. */
const SILENT = new Set([
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "$ref",
  "additionalProperties",
  "type",
  "properties",
  "required",
  "items",
  "anyOf",
  "oneOf",
  "allOf",
  "const",
  "nullable",
  "format",
  "strict",
  "examples",
]);
const FORMATS = new Set(["enum", "date-time", "float", "double", "int32", "int64"]);
const MAX_DEPTH = 32;
const MAX_SCHEMAS = 5_000;

type Walk = {
  readonly root: JsonRecord;
  readonly where: string;
  readonly removed: Set<string>;
  readonly refs: readonly string[];
  readonly depth: number;
  readonly budget: { left: number };
};

function resolve(ref: string, root: JsonRecord): JsonRecord | undefined {
  if (!ref.startsWith("#")) return undefined;
  let at: unknown = root;
  for (const step of ref.slice(1).split("/").filter(Boolean)) {
    at = recordOf(at)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return isRecord(at) ? at : undefined;
}

/** Gemini has no references: each is replaced by its target. A recursive reference becomes an object of any shape. */
function follow(schema: JsonRecord, walk: Walk): { schema: JsonRecord; walk: Walk } {
  const ref = textOf(schema.$ref);
  if (ref === "") return { schema, walk };
  const { $ref: _, ...rest } = schema;
  const target = resolve(ref, walk.root);
  if (!target || walk.refs.includes(ref)) {
    walk.removed.add(target ? `recursion through ${ref}` : `$ref ${ref}`);
    return { schema: { type: "object", ...rest }, walk };
  }
  return follow({ ...target, ...rest }, { ...walk, refs: [...walk.refs, ref] });
}

/** Merges `allOf` into one schema: properties and required names are joined, and later keywords override earlier ones. */
function fold(schema: JsonRecord, walk: Walk): JsonRecord {
  const parts = listOf(schema.allOf).filter(isRecord);
  if (parts.length === 0) return schema;
  const { allOf: _, ...own } = schema;
  const properties: Record<string, unknown> = {};
  const required: unknown[] = [];
  const folded: Record<string, unknown> = {};
  for (const part of [...parts, own]) {
    spend(walk);
    const followed = follow(part, walk);
    const whole = fold(followed.schema, followed.walk);
    Object.assign(folded, whole);
    Object.assign(properties, recordOf(whole.properties));
    required.push(...listOf(whole.required));
  }
  return { ...folded, properties, required };
}

/** References can expand a small schema exponentially. */
function spend(walk: Walk) {
  walk.budget.left -= 1;
  if (walk.budget.left < 0)
    throw unprocessable(
      walk.where,
      `comes to more than ${MAX_SCHEMAS} schemas once its references are followed, which Gemini would not take.`,
    );
}

function typeOf(schema: JsonRecord): { type: string; isNullable: boolean; others: string[] } {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => typeof type === "string");
  const [type = "", ...others] = types.filter((name) => name !== "null");
  return { type, isNullable: schema.nullable === true || types.includes("null"), others };
}

function guessType(schema: JsonRecord): string {
  if (isRecord(schema.properties)) return "object";
  if (schema.items !== undefined) return "array";
  const sample = "const" in schema ? schema.const : listOf(schema.enum)[0];
  if (typeof sample === "number") return Number.isInteger(sample) ? "integer" : "number";
  return typeof sample === "boolean" ? "boolean" : typeof sample === "string" ? "string" : "";
}

/** Enums are for strings only. Other values are listed in the description. */
function enumOf(schema: JsonRecord, type: string): JsonRecord {
  const values = "const" in schema ? [schema.const] : schema.enum;
  if (!Array.isArray(values)) return {};
  const known = values.filter((value) => value !== null);
  if (type === "string")
    return { enum: known.map((value) => (typeof value === "string" ? value : JSON.stringify(value))), format: "enum" };
  return {
    description: [schema.description, `One of ${known.map((value) => JSON.stringify(value)).join(", ")}.`]
      .filter(Boolean)
      .join(" "),
  };
}

function objectOf(schema: JsonRecord, walk: Walk): JsonRecord {
  const properties = recordOf(schema.properties);
  const names = Object.keys(properties);
  if (isRecord(schema.additionalProperties) || schema.additionalProperties === true)
    walk.removed.add("additionalProperties");
  if (names.length === 0) return {};
  const required = [...new Set(listOf(schema.required))].filter(
    (name) => typeof name === "string" && name in properties,
  );
  return {
    properties: Object.fromEntries(names.map((name) => [name, clean(properties[name], walk)])),
    ...(required.length > 0 && { required }),
  };
}

function unionOf(schema: JsonRecord, walk: Walk): JsonRecord | undefined {
  const members = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(isRecord);
  if (members.length === 0) return undefined;
  const real = members.filter((member) => member.type !== "null");
  const isNullable = real.length < members.length || schema.nullable === true;
  const description = schema.description === undefined ? {} : { description: schema.description };
  const nullable = isNullable ? { nullable: true } : {};
  const [only] = real;
  if (real.length === 1) return { ...clean(only, walk), ...description, ...nullable };
  return { anyOf: real.map((member) => clean(member, walk)), ...description, ...nullable };
}

function clean(value: unknown, from: Walk): JsonRecord {
  if (!isRecord(value)) return { type: "STRING" }; // `true` in place of a schema
  if (from.depth > MAX_DEPTH) {
    from.removed.add(`what is more than ${MAX_DEPTH} levels deep`);
    return { type: "STRING" };
  }
  spend(from);
  const followed = follow(value, from);
  const walk = { ...followed.walk, depth: from.depth + 1 };
  const schema = fold(followed.schema, walk);
  for (const name of Object.keys(schema)) if (!KEPT.has(name) && !SILENT.has(name)) walk.removed.add(name);
  const union = unionOf(schema, walk);
  if (union) return union;
  const { type: named, isNullable, others } = typeOf(schema);
  const nullable = isNullable ? { nullable: true } : {};
  if (others.length > 0) {
    const members = [named, ...others].map((type) => clean({ ...schema, type, description: undefined }, walk));
    return {
      anyOf: members,
      ...(schema.description === undefined ? {} : { description: schema.description }),
      ...nullable,
    };
  }
  const type = named || guessType(schema) || "string";
  const supported = Object.fromEntries(
    Object.entries(schema).filter(([name, entry]) => KEPT.has(name) && name !== "enum" && entry !== undefined),
  );
  const format = textOf(schema.format);
  if (format !== "" && !FORMATS.has(format)) walk.removed.add(`format ${format}`);
  return {
    type: type.toUpperCase(),
    ...supported,
    ...(FORMATS.has(format) && { format }),
    ...enumOf(schema, type),
    ...(type === "object" && objectOf(schema, walk)),
    ...(type === "array" && { items: clean(schema.items ?? { type: "string" }, walk) }),
    ...nullable,
  };
}

/** A JSON schema in Gemini's schema language. `where` names it in the warning about keywords that were left out. */
export function toGeminiSchema(schema: JsonRecord, where: string): { schema: JsonRecord; warnings: string[] } {
  const removed = new Set<string>();
  const cleaned = clean(schema, { root: schema, where, removed, refs: [], depth: 0, budget: { left: MAX_SCHEMAS } });
  const warnings =
    removed.size === 0 ? [] : [`Gemini's schemas have no ${[...removed].join(", ")}; left out of \`${where}\`.`];
  return { schema: cleaned, warnings };
}
