import { isRecord } from "../../../../kernel/is-record.ts";

/**
 * Whether a response misses the JSON format that its request demands: it is not JSON, not the demanded type, or lacks a required
 * field. Undefined if the request demands none.
 */
export function missesFormat(parameters: unknown, text: string): boolean | undefined {
  const format = isRecord(parameters) ? (parameters.response_format ?? parameters["gen_ai.output.type"]) : undefined;
  if (format === "json") return !isJson(text);
  if (!isRecord(format) || (format.type !== "json_object" && format.type !== "json_schema")) return undefined;
  const value = parse(text);
  if (value === undefined) return true;
  const schema = isRecord(format.json_schema) ? format.json_schema.schema : undefined;
  return isRecord(schema) ? !meets(value, schema) : !isRecord(value);
}

function meets(value: unknown, { type, required }: Readonly<Record<string, unknown>>): boolean {
  if (type === "array") return Array.isArray(value);
  if (type !== "object" && type !== undefined) return true;
  if (!isRecord(value)) return type === undefined;
  return !Array.isArray(required) || required.every((name) => typeof name !== "string" || Object.hasOwn(value, name));
}

const isJson = (text: string) => parse(text) !== undefined;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
