type Statement = { query: string; query_params?: Record<string, unknown> };

/**
 * Binds a statement's parameters as session settings. In the embedded engine's other method, the statement is formatted
 * again. Such a query cannot be killed while another one is running, and blocks all others.
 */
export function createParameterSetter() {
  const known = new Set<string>();
  return function setParameters<Params extends Statement>(statement: Params): Params {
    const values = new Map(Object.entries(statement.query_params ?? {}));
    // Settings of an earlier statement must not apply to this one.
    for (const name of known) if (!values.has(name)) values.set(name, "");
    for (const [name, value] of values) {
      if (value === "") known.delete(name);
      else known.add(name);
    }
    if (values.size === 0) return statement;
    const settings = [...values].map(([name, value]) => `param_${checked(name)} = '${literal(textOf(value))}'`);
    return { ...statement, query: `SET ${settings.join(", ")}; ${statement.query}`, query_params: undefined };
  };
}

function checked(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw new Error(`"${name}" is not a valid parameter name.`);
}

/** The inside of a quoted SQL string; the engine's binding cuts a statement at a zero byte. */
const literal = (value: string) => value.replaceAll(/[\\']/g, "\\$&").replaceAll("\0", "\\0");

const ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "'": "\\'", "\\": "\\\\" };
const escaped = (text: string) => text.replaceAll(/[\t\n\r'\\]/g, (letter) => ESCAPES[letter] ?? letter);

/** A value as the engine reads it from text, before it is made the type that the placeholder names. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (Array.isArray(value)) return `[${value.map(elementOf).join(",")}]`;
  return typeof value === "number" ? numberOf(value) : escaped(String(value));
}

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return typeof value === "string" ? `'${escaped(value)}'` : textOf(value);
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+inf" : "-inf";
}
