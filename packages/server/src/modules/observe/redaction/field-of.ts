import type { PrivacyField } from "@treadle/contract";

type Json = Readonly<Record<string, unknown>>;

/** Keys under which calls of tools hold their arguments, by providers and by OpenTelemetry. */
const ARGUMENTS = new Set(["arguments", "input"]);
const RESULTS = new Set(["response", "result", "content", "output"]);
const CALLS = new Set(["tool_call", "tool_use", "function_call", "function"]);
const RESPONSES = new Set(["tool_call_response", "tool_result", "function_call_output"]);

/** The field that a value of a message belongs to: tools' arguments and results have their own. */
export function fieldOf(object: Json, key: string, field: PrivacyField): PrivacyField {
  if (field !== "inputs" && field !== "outputs") return field;
  const type = typeof object.type === "string" ? object.type : "";
  if (ARGUMENTS.has(key) && (CALLS.has(type) || (key === "arguments" && "name" in object))) return "tool-arguments";
  if (RESULTS.has(key) && (RESPONSES.has(type) || object.role === "tool")) return "tool-results";
  return field;
}
