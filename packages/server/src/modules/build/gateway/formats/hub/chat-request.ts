import type { ChatRequest } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { invalid, unprocessable } from "./content.ts";
import type { ToolCall } from "./hub.ts";
import { type JsonRecord, numberOf, parseJson, recordOf, recordsOf, textOf } from "./json.ts";

/** A function the model may call. `parameters` is a JSON schema. */
export type ChatTool = {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonRecord;
  readonly isStrict: boolean;
  readonly cacheControl?: unknown;
};

/** Reads `tools`. Throws `unprocessable` for tools that only OpenAI runs itself. */
export function readTools(request: ChatRequest): ChatTool[] {
  if (request.functions !== undefined && request.functions !== null) {
    throw unprocessable("functions", "is the retired form of `tools`, which this model is asked through. Use `tools`.");
  }
  return (request.tools ?? []).map((tool, index) => {
    const param = `tools[${index}]`;
    if (tool.type !== undefined && tool.type !== "function") {
      throw unprocessable(
        `${param}.type`,
        `is ${JSON.stringify(tool.type)}; this model can only be given tools of type "function".`,
      );
    }
    const called = recordOf(tool.function);
    if (textOf(called.name) === "") throw invalid(`${param}.function.name`, "is missing.");
    if (called.parameters !== undefined && called.parameters !== null && !isRecord(called.parameters)) {
      throw invalid(`${param}.function.parameters`, "must be a JSON schema object.");
    }
    return {
      name: textOf(called.name),
      description: textOf(called.description),
      parameters: isRecord(called.parameters) ? called.parameters : { type: "object", properties: {} },
      isStrict: called.strict === true,
      cacheControl: tool.cache_control ?? undefined,
    };
  });
}

/** `only` lists the functions that may be called, if that is not all of them. */
export type ChatToolChoice = { readonly mode: "auto" | "none" | "required"; readonly only: readonly string[] | null };

export function readToolChoice(request: ChatRequest): ChatToolChoice | null {
  const choice = request.tool_choice;
  if (choice === undefined || choice === null) return null;
  if (choice === "auto" || choice === "none" || choice === "required") return { mode: choice, only: null };
  const record = recordOf(choice);
  if (record.type === "function" && textOf(recordOf(record.function).name) !== "") {
    return { mode: "required", only: [textOf(recordOf(record.function).name)] };
  }
  if (record.type === "allowed_tools") {
    const allowed = recordOf(record.allowed_tools);
    const names = recordsOf(allowed.tools).map((tool) => textOf(recordOf(tool.function).name));
    return { mode: allowed.mode === "required" ? "required" : "auto", only: names };
  }
  throw invalid("tool_choice", 'must be "auto", "none", "required" or `{"type":"function","function":{"name":…}}`.');
}

/** The required form of the answer: text, any JSON object, or JSON that matches a schema. */
export type ChatFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | { readonly type: "json_schema"; readonly name: string; readonly description: string; readonly schema: JsonRecord };

export function readFormat(request: ChatRequest): ChatFormat {
  const format = request.response_format;
  if (format === undefined || format === null) return { type: "text" };
  const record = recordOf(format);
  if (record.type === "text") return { type: "text" };
  if (record.type === "json_object") return { type: "json_object" };
  if (record.type !== "json_schema") throw invalid("response_format.type", "must be text, json_object or json_schema.");
  const wanted = recordOf(record.json_schema);
  if (!isRecord(wanted.schema)) throw invalid("response_format.json_schema.schema", "must be a JSON schema object.");
  return {
    type: "json_schema",
    name: textOf(wanted.name) || "answer",
    description: textOf(wanted.description),
    schema: wanted.schema,
  };
}

export const readStops = (request: ChatRequest): readonly string[] =>
  (typeof request.stop === "string" ? [request.stop] : (request.stop ?? [])).filter((stop) => stop !== "");

export const readMaxTokens = (request: ChatRequest): number | undefined =>
  request.max_completion_tokens ?? request.max_tokens ?? undefined;

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

/** The reasoning effort, from `reasoning_effort` or `reasoning.effort`. Undefined leaves it to the model. */
export function readEffort(request: ChatRequest): Effort | undefined {
  const asked = request.reasoning_effort ?? recordOf(request.reasoning).effort;
  if (asked === undefined || asked === null) return undefined;
  const effort = EFFORTS.find((known) => known === asked);
  if (!effort) throw invalid("reasoning_effort", `must be one of ${EFFORTS.join(", ")}.`);
  return effort;
}

/** The tool calls of an assistant's message, validated. `param` is the path of the message. */
export function readToolCalls(
  calls: unknown,
  param: string,
): { id: string; name: string; arguments: string; call: JsonRecord }[] {
  return recordsOf(calls).map((call, index) => {
    const called = recordOf(call.function);
    if (textOf(called.name) === "")
      throw invalid(
        `${param}.tool_calls[${index}].function.name`,
        "is missing; only calls of functions can be passed on.",
      );
    return { id: textOf(call.id), name: textOf(called.name), arguments: textOf(called.arguments), call };
  });
}

/** The arguments of a call as an object, which every provider except OpenAI requires. */
export function readArguments(text: string, param: string): JsonRecord {
  if (text.trim() === "") return {};
  const value = parseJson(text);
  if (isRecord(value)) return value;
  throw new AppError("invalid_request", {
    message: `\`${param}\` must be a JSON object, written as text.`,
    details: { param },
  });
}

export const toolCall = (id: string, name: string, input: unknown): ToolCall => ({
  id,
  type: "function",
  function: { name, arguments: typeof input === "string" ? input : JSON.stringify(input ?? {}) },
});

/** A warning for each parameter of the request that the provider does not support, unless its value has no effect. */
export function warnLeftOut(request: JsonRecord, names: readonly string[], provider: string): string[] {
  const isSet = (name: string) => {
    const value = request[name];
    if (value === undefined || value === null || value === false) return false;
    if (name === "n") return value !== 1;
    if (typeof value === "number") return numberOf(value) !== 0;
    return !(isRecord(value) && Object.keys(value).length === 0);
  };
  return names.filter(isSet).map((name) => `${provider} has no \`${name}\`; it was left out.`);
}
