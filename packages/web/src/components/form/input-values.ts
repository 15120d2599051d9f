type Json = Readonly<Record<string, unknown>>;
/** How an input is entered: as text, or as JSON to parse. */
export type InputField = {
  readonly name: string;
  readonly kind: "text" | "number" | "boolean" | "json" | "any";
  readonly help: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The properties of a schema, or none when it is no schema of an object. */
export const propertiesOf = (schema: Json | null): Readonly<Record<string, Json>> => {
  if (!isObject(schema?.properties)) return {};
  return Object.fromEntries(
    Object.entries(schema.properties).filter((entry): entry is [string, Json] => isObject(entry[1])),
  );
};

/** The required names of a schema. */
export const requiredOf = (schema: Json | null): readonly string[] =>
  Array.isArray(schema?.required) ? schema.required.filter((name): name is string => typeof name === "string") : [];

type Sources = { schema: Json | null; names: readonly string[]; placeholders: readonly string[] };

/** All inputs: from the schema, and those that only the text uses. */
export function fieldsFor({ schema, names, placeholders }: Sources): readonly InputField[] {
  const properties = propertiesOf(schema);
  const required = requiredOf(schema);
  const all = new Set([...Object.keys(properties), ...names, ...placeholders]);
  return [...all].map((name) => {
    const property = properties[name] ?? {};
    const isList = placeholders.includes(name);
    return {
      name,
      kind: isList ? "json" : kindOf(property),
      help: typeof property.description === "string" ? property.description : isList ? "A list of messages" : "",
      choices: Array.isArray(property.enum) ? property.enum.filter((choice) => typeof choice === "string") : [],
      isRequired: required.includes(name),
    };
  });
}

function kindOf({ type }: Json): InputField["kind"] {
  if (type === "string") return "text";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  return type === undefined ? "any" : "json";
}

/** The entered values. Empty inputs are left out, so that the schema reports them as missing. */
export function valuesOf(fields: readonly InputField[], typed: Readonly<Record<string, string>>): Json {
  const filled = fields.flatMap((field) => {
    const text = typed[field.name] ?? "";
    return text === "" ? [] : [[field.name, readValue(field.kind, text)] as const];
  });
  return Object.fromEntries(filled);
}

/** Text that is not valid JSON is sent unchanged: the server then reports the expected type. */
function readValue(kind: InputField["kind"], text: string): unknown {
  if (kind === "text") return text;
  if (kind === "any" && !/^\s*([[{]|true\s*$|false\s*$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
