import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";

type Schema = Readonly<Record<string, unknown>>;

const MOST_COMPILED = 500;
const MOST_TOLD = 5;
const DEEPEST = 40;
/** Parts of a schema that can make a check slow regardless of its size. */
const COSTLY = new Set(["pattern", "patternProperties", "uniqueItems"]);
const TIME = /^\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;

const isDay = (text: string) => DAY.test(text) && !Number.isNaN(Date.parse(text));

function isDateTime(text: string): boolean {
  const [day = "", time = ""] = [text.slice(0, 10), text.slice(11)];
  return isDay(day) && TIME.test(time) && !Number.isNaN(Date.parse(text));
}

const isUri = (text: string) => URL.canParse(text);
const FORMATS = {
  date: isDay,
  "date-time": isDateTime,
  email: (text: string) => text.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(text),
  uri: isUri,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

/** Checks inputs against JSON schemas (draft 2020-12). A schema is compiled once. */
export function createInputCheck() {
  const compiled = new Map<string, ValidateFunction>();

  function compile(schema: Schema): ValidateFunction {
    const key = JSON.stringify(schema);
    const known = compiled.get(key);
    if (known) return known;
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    refuseSchema(schema);
    // One for each schema: two may have one `$id`.
    const ajv = new Ajv2020({
      allErrors: false,
      strict: false,
      validateFormats: true,
      formats: FORMATS,
      logger: false,
    });
    try {
      const validate = ajv.compile(schema);
      compiled.set(key, validate);
      return validate;
    } catch (cause) {
      const why = messageOf(cause);
      throw badSchema(`${why.replace(/^schema is invalid: data/, "at inputs")}`, cause);
    }
  }

  return {
    /** Throws `unprocessable` for a schema that cannot be used. */
    checkSchema: (schema: Schema): void => void compile(schema),
    /** Throws `invalid_request` that names the place of what is wrong. */
    check(schema: Schema, inputs: Schema): void {
      const validate = compile(schema);
      if (validate(inputs)) return;
      const errors = (validate.errors ?? []).slice(0, MOST_TOLD);
      const issues = errors.map((error) => ({ path: pathOf(error), message: sentenceOf(error) }));
      throw new AppError("invalid_request", {
        message: `${issues.map(({ path, message }) => `${path}: ${message}`).join("; ")}. The prompt lists its inputs.`,
        details: { param: issues[0]?.path, issues },
      });
    },
  };
}

/** Whether a check by this schema is bounded by the size of what it checks. */
export const isBoundedSchema = (schema: unknown): boolean => {
  if (Array.isArray(schema)) return schema.every(isBoundedSchema);
  if (typeof schema !== "object" || schema === null) return true;
  return Object.entries(schema).every(([name, value]) => !COSTLY.has(name) && isBoundedSchema(value));
};

function refuseSchema(schema: Schema): void {
  if (schema.type !== undefined && schema.type !== "object")
    throw badSchema('its `type` must be "object", because inputs have names');
  if (depthOf(schema) > DEEPEST) throw badSchema(`it is nested more than ${DEEPEST} levels deep`);
  refuseFarReferences(schema);
}

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

function refuseFarReferences(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === "$ref" && typeof inner === "string" && !inner.startsWith("#"))
      throw badSchema(`\`$ref\` "${inner.slice(0, 80)}" points outside the schema; move its target under \`$defs\``);
    if (name === "$async") throw badSchema("`$async` is not supported");
    refuseFarReferences(inner);
  }
}

const badSchema = (why: string, cause?: unknown) =>
  new AppError("unprocessable", {
    message: `The JSON schema of the inputs cannot be used: ${why}.`,
    details: { param: "inputs" },
    cause,
  });

const namesIn = (path: string) =>
  path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const own =
    keyword === "required"
      ? params.missingProperty
      : keyword === "additionalProperties"
        ? params.additionalProperty
        : undefined;
  const names = [...namesIn(instancePath), ...(typeof own === "string" ? [own] : [])];
  return names.reduce((path, name) => (/^\d+$/.test(name) ? `${path}[${name}]` : `${path}.${name}`), "inputs");
}

function sentenceOf({ keyword, params, message = "does not match the schema" }: ErrorObject): string {
  if (keyword === "required") return "is missing";
  if (keyword === "additionalProperties") return "is not an input of this prompt";
  if (keyword === "enum" && Array.isArray(params.allowedValues))
    return `must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(", ")}`;
  return message;
}
