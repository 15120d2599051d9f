import type { Schema } from "./schemas.ts";

type Find = (reference: string) => Schema;

/** Values of text fields by the end of their name, so that an example reads like a real request. */
const TEXTS: readonly (readonly [name: RegExp, value: string])[] = [
  [/^email$/, "ada@example.com"],
  [/password$/i, "correct-horse-battery"],
  [/(?:url|uri|host)$/i, "https://example.com"],
  [/^model$/i, "openai/gpt-5-mini"],
  [/^provider$/, "openai"],
  [/^endpoint$/, "support-chat"],
  [/^(?:path|file|fileName)$/, "support.jsonl"],
  [/^(?:branch|version)$/, "main"],
  [/^(?:question|key)$/, "helpful"],
  [/^(?:scorer|score)$/, "helpful"],
  [/^(?:template|prompt)$/, "Answer this question: {{question}}"],
  [/^(?:text|input|value)$/, "How do I get a refund?"],
  [/^message$/, "Add questions about refunds"],
  [/^(?:description|note|notes|comment|reason)$/, "Questions about refunds"],
  [/^training_file$/, "file-1"],
];

const MAX_DEPTH = 12;
const TIME = "2026-01-15T09:30:00Z";

/**
 * A value of a schema: its required properties, and where an object at the top requires none, its first property. The same schema gives the
 * same value every time. The value can break rules that no schema states.
 */
export function exampleOf(schema: Schema, find: Find): unknown {
  return valueFor(schema, { name: "", depth: 0, find });
}

type Place = { readonly name: string; readonly depth: number; readonly find: Find };

function valueFor(schema: Schema, place: Place): unknown {
  if (place.depth > MAX_DEPTH) return null;
  if (typeof schema.$ref === "string") return valueFor(place.find(schema.$ref), { ...place, depth: place.depth + 1 });
  if ("default" in schema && schema.default !== null) return schema.default;
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const options = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if (options) return valueFor(options.find(({ type }) => type !== "null") ?? {}, place);
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map((part) => valueFor(part, place)));
  return valueForType(schema, place);
}

function valueForType(schema: Schema, place: Place): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== "null") : schema.type;
  switch (type) {
    case "object":
      return objectOf(schema, place);
    case "array":
      return arrayOf(schema, place);
    case "string":
      return textOf(schema, place.name);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return true;
    default:
      return "How do I get a refund?";
  }
}

function objectOf(schema: Schema, { name, depth, find }: Place): Record<string, unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const required = properties.filter(([key]) => ((schema.required ?? []) as readonly string[]).includes(key));
  const shown = required.length === 0 && depth <= 1 ? properties.slice(0, 1) : required;
  return Object.fromEntries(
    shown.map(([key, property]) => [key, valueFor(property, { name: key || name, depth: depth + 1, find })]),
  );
}

function arrayOf(schema: Schema, { name, depth, find }: Place): unknown[] {
  const place = { name: name.replace(/s$/, ""), depth: depth + 1, find };
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map((item) => valueFor(item, place));
  const least = typeof schema.minItems === "number" ? schema.minItems : 1;
  return Array.from({ length: Math.max(least, 1) }, () => valueFor((schema.items ?? {}) as Schema, place));
}

function textOf({ format, minLength, pattern }: Schema, name: string): string {
  if (format === "date-time") return TIME;
  if (format === "date") return TIME.slice(0, 10);
  if (format === "uri") return "https://example.com";
  const digits = /^\^\[0-9a-f\]\{(\d+)\}\$$/.exec(typeof pattern === "string" ? pattern : "");
  if (digits) return "0af7651916cd43dd8448eb211c80319c".repeat(2).slice(0, Number(digits[1]));
  if (/(?:Id|^id|^ids)$/.test(name)) return `${name.replace(/Ids?$|^ids?$/, "").toLowerCase() || "item"}_1`;
  const known = TEXTS.find(([shape]) => shape.test(name))?.[1] ?? "support";
  return known.padEnd(typeof minLength === "number" ? minLength : 0, "x");
}

function numberOf({ minimum = 0, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER }: Schema): number {
  const least = typeof exclusiveMinimum === "number" ? exclusiveMinimum + Number.EPSILON : Number(minimum);
  return Math.min(Math.max(1, least), Number(maximum));
}
