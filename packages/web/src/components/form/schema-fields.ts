/** One parameter as a form shows it, read from a JSON schema. */
export type SchemaField = {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "text" | "lines" | "number" | "switch" | "choice" | "choices" | "words" | "limits" | "rows" | "json";
  /** For `choice` and `choices`. */
  readonly options: readonly string[];
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly isWhole: boolean;
  readonly isRequired: boolean;
  readonly initial: unknown;
  /** The measures of `limits`, each with a smallest and a largest value, and the columns of `rows`. */
  readonly parts: readonly SchemaField[];
};

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** The fields of an object's JSON schema, in its order; fields without a control are edited as JSON. */
export function fieldsOf(schema: unknown): readonly SchemaField[] {
  if (!isSchema(schema) || !isSchema(schema.properties)) return [];
  const required = new Set(textsIn(schema.required));
  return Object.entries(schema.properties).flatMap(([name, part]) =>
    isSchema(part) ? [fieldOf(name, part, required.has(name))] : [],
  );
}

function fieldOf(name: string, part: Schema, isRequired: boolean): SchemaField {
  // A value that may also be null, or a word such as "auto", gets the control of its main type.
  const inner = numberOrWord(withoutNull(part));
  const items = isSchema(inner.items) ? inner.items : {};
  const kind = kindOf(inner, items);
  return {
    name,
    label: textIn(part.title) || wordsOf(kind === "switch" ? name.replace(/^is(?=[A-Z])/, "") : name),
    help: textIn(part.description).replaceAll("`", ""),
    kind,
    options: kind === "choices" ? textsIn(items.enum) : optionsOf(inner),
    least: numberIn(inner.minimum) ?? numberIn(inner.exclusiveMinimum),
    most: numberIn(inner.maximum) ?? numberIn(inner.exclusiveMaximum),
    isWhole: inner.type === "integer",
    // A field with a default is optional.
    isRequired: isRequired && !("default" in part),
    initial: part.default,
    parts: kind === "limits" ? fieldsOf(inner) : kind === "rows" ? fieldsOf(items) : [],
  };
}

function withoutNull(part: Schema): Schema {
  const types = textsIn(part.type).filter((type) => type !== "null");
  if (types.length === 1) return { ...part, type: types[0] };
  const choices = Array.isArray(part.anyOf) ? part.anyOf.filter(isSchema) : [];
  const real = choices.filter(({ type }) => type !== "null");
  return real.length === 1 && real[0] ? real[0] : part;
}

function numberOrWord(part: Schema): Schema {
  const choices = Array.isArray(part.anyOf) ? part.anyOf.filter(isSchema) : [];
  const [number, ...others] = choices.filter((choice) => !("const" in choice));
  const isNumber = number?.type === "number" || number?.type === "integer";
  return isNumber && others.length === 0 ? number : part;
}

function optionsOf(part: Schema): readonly string[] {
  if (Array.isArray(part.enum)) return textsIn(part.enum);
  return Array.isArray(part.anyOf)
    ? part.anyOf.flatMap((choice) => (isSchema(choice) && typeof choice.const === "string" ? [choice.const] : []))
    : [];
}

/** A longer text gets a multi-line control, such as a rubric or code. */
const LONG_TEXT = 1_000;

function kindOf(part: Schema, items: Schema): SchemaField["kind"] {
  if (optionsOf(part).length > 0) return "choice";
  if (part.type === "boolean") return "switch";
  if (part.type === "number" || part.type === "integer") return "number";
  if (part.type === "string") return (numberIn(part.maxLength) ?? 0) > LONG_TEXT ? "lines" : "text";
  if (part.type === "array" && textsIn(items.enum).length > 0) return "choices";
  if (part.type === "array" && items.type === "string") return "words";
  if (part.type === "array" && isFlat(items)) return "rows";
  if (part.type === "object" && isLimits(part)) return "limits";
  return "json";
}

const partsOf = (part: Schema): readonly Schema[] =>
  isSchema(part.properties) ? Object.values(part.properties).filter(isSchema) : [];

/** An object of a few texts and numbers, which is one row of a table. */
function isFlat(part: Schema): boolean {
  const parts = partsOf(part);
  return parts.length > 0 && parts.length <= 4 && parts.every(({ type }) => type === "string" || type === "number");
}

/** Measures by name, each between a smallest and a largest value. */
function isLimits(part: Schema): boolean {
  const parts = partsOf(part);
  return (
    parts.length > 0 &&
    parts.every(({ properties }) => isSchema(properties) && "min" in properties && "max" in properties)
  );
}

/** `minWords` as "Min words". */
export function wordsOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** The validation error of a value; undefined when it is valid. */
export function problemOf(field: SchemaField, value: unknown): string | undefined {
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return field.isRequired ? "This field is required." : undefined;
  if (field.kind === "number") return numberProblem(field, value);
  if (field.kind === "json" && value instanceof SyntaxError) return `Invalid JSON: ${value.message}`;
  return undefined;
}

function numberProblem({ least, most, isWhole, initial }: SchemaField, value: unknown): string | undefined {
  if (value === initial) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) return "Enter a number.";
  if (isWhole && !Number.isInteger(value)) return "Enter a whole number.";
  if (least !== undefined && value < least) return `Enter ${least} or more.`;
  if (most !== undefined && value > most) return `Enter ${most} or less.`;
  return undefined;
}

/** The defaults of a schema, as the initial values of a form. */
export const initialOf = (schema: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    fieldsOf(schema)
      .filter(({ initial }) => initial !== undefined)
      .map(({ name, initial }) => [name, initial]),
  );
