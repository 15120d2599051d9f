type Schema = Readonly<Record<string, unknown>>;

/** Keywords that hold schemas by name, in a list, or one. */
const NAMED: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);
const LISTED: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const SINGLE: ReadonlySet<string> = new Set(["items", "additionalProperties", "not", "contains"]);

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The same JSON schema with every key that it requires named among its `properties`, for a compiler that asks only for keys which
 * are named there. Throws an `Error` that says why when `required` or `properties` would not be read at all.
 */
export function nameRequired(schema: Schema): Schema {
  const inner = Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, within(keyword, value)]));
  const required = Array.isArray(inner.required) ? inner.required.map(String) : [];
  if (inner.type === undefined && (required.length > 0 || inner.properties !== undefined))
    throw new Error('where `properties` or `required` stands, `type` must be "object"');
  const named = isSchema(inner.properties) ? inner.properties : {};
  const missing = required.filter((key) => !Object.hasOwn(named, key));
  const [first] = missing;
  if (first === undefined) return inner;
  const others = inner.additionalProperties;
  if (others === false) throw new Error(`it requires ${JSON.stringify(first)}, which it does not allow`);
  const added = missing.map((key) => [key, isSchema(others) ? others : {}]);
  return { ...inner, properties: { ...named, ...Object.fromEntries(added) } };
}

function within(keyword: string, value: unknown): unknown {
  if (NAMED.has(keyword) && isSchema(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, isSchema(one) ? nameRequired(one) : one]),
    );
  if (LISTED.has(keyword) && Array.isArray(value)) return value.map((one) => (isSchema(one) ? nameRequired(one) : one));
  return SINGLE.has(keyword) && isSchema(value) ? nameRequired(value) : value;
}
