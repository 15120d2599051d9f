import { PromptError } from "./prompt-error.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Refuses inputs that are missing, unknown, of another type, or none of the choices. What else a schema says
 * (lengths, nested fields) is checked by the server, when it fills a prompt in.
 */
export function checkInputs(schema: Json | null, inputs: Json): void {
  if (schema === null) return;
  const properties = isObject(schema.properties) ? schema.properties : {};
  for (const name of Array.isArray(schema.required) ? schema.required : [])
    if (typeof name === "string" && inputs[name] === undefined) throw new PromptError(`inputs.${name}`, "is missing");
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined) continue;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined && schema.additionalProperties === false)
      throw new PromptError(`inputs.${name}`, "is not an input of this prompt");
    if (isObject(property)) checkValue(`inputs.${name}`, property, value);
  }
}

function checkValue(param: string, { type, enum: choices }: Json, value: unknown): void {
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === "string");
  if (types.length > 0 && !types.some((one) => isOf(one, value)))
    throw new PromptError(param, `must be ${types.join(" or ")}`);
  if (Array.isArray(choices) && !choices.some((choice) => JSON.stringify(choice) === JSON.stringify(value)))
    throw new PromptError(param, `must be one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
}

function isOf(type: string, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return isObject(value);
  // A type that is not known is the server's to judge.
  return !["string", "number", "boolean"].includes(type) || typeof value === type;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
