import { isRecord } from "../../../../../kernel/is-record.ts";
import type { JsonRecord } from "../../formats/hub/json.ts";

/** Keywords that Claude's structured output does not enforce. They go into the description instead. */
const TOLD = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "contains",
  "patternProperties",
  "propertyNames",
] as const;

/** Keywords whose values are named schemas. */
const NAMED = new Set(["properties", "$defs", "definitions"]);
const DROPPED = new Set(["$schema", "$id", "$comment", "examples", "default"]);

function cleanMembers(members: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, clean(schema)]));
}

function clean(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(clean);
  if (!isRecord(schema)) return schema;
  const notes = TOLD.filter((keyword) => keyword in schema).map(
    (keyword) => `${keyword}: ${JSON.stringify(schema[keyword])}`,
  );
  const keptKeywords: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED.has(keyword) || TOLD.some((name) => name === keyword)) continue;
    if (keyword === "minItems" && typeof value === "number" && value > 1) notes.push(`minItems: ${value}`);
    else if (keyword === "oneOf") keptKeywords.anyOf = clean(value);
    else if (NAMED.has(keyword) && isRecord(value)) keptKeywords[keyword] = cleanMembers(value);
    else if (keyword === "enum" || keyword === "const" || keyword === "required") keptKeywords[keyword] = value;
    else keptKeywords[keyword] = clean(value);
  }
  if (schema.type === "object" || "properties" in schema) keptKeywords.additionalProperties = false;
  if (notes.length > 0)
    keptKeywords.description = [schema.description, `(${notes.join(", ")})`].filter(Boolean).join(" ");
  return keptKeywords;
}

/** A JSON schema for Claude's structured output: objects closed, unions as `anyOf`, numeric and length limits moved into the description. */
export function toClaudeSchema(schema: JsonRecord): JsonRecord {
  const cleaned = clean(schema);
  return isRecord(cleaned) ? cleaned : {};
}
