import { isRecord, type JsonRecord } from "../wires/json.ts";

/** Keywords that Claude's structured output does not enforce; they are told to the model in the description instead. */
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
  const told = TOLD.filter((keyword) => keyword in schema).map(
    (keyword) => `${keyword}: ${JSON.stringify(schema[keyword])}`,
  );
  const kept: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED.has(keyword) || TOLD.some((name) => name === keyword)) continue;
    if (keyword === "minItems" && typeof value === "number" && value > 1) told.push(`minItems: ${value}`);
    else if (keyword === "oneOf") kept.anyOf = clean(value);
    else if (NAMED.has(keyword) && isRecord(value)) kept[keyword] = cleanMembers(value);
    else if (keyword === "enum" || keyword === "const" || keyword === "required") kept[keyword] = value;
    else kept[keyword] = clean(value);
  }
  if (schema.type === "object" || "properties" in schema) kept.additionalProperties = false;
  if (told.length > 0) kept.description = [schema.description, `(${told.join(", ")})`].filter(Boolean).join(" ");
  return kept;
}

/** A JSON schema as Claude's structured output takes it: objects closed, unions as `anyOf`, numeric and length limits moved into the description. */
export function toClaudeSchema(schema: JsonRecord): JsonRecord {
  const cleaned = clean(schema);
  return isRecord(cleaned) ? cleaned : {};
}
