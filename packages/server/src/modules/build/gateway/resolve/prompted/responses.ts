import type { RenderedPrompt } from "@treadle/contract";
import { compact, type JsonRecord, listOf, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { limitOf, type PromptedShape } from "./prompted-shape.ts";

/** Parameters with one name in both of OpenAI's formats. Parameters of chat alone are left out. */
const SHARED = [
  "temperature",
  "top_p",
  "top_logprobs",
  "parallel_tool_calls",
  "metadata",
  "service_tier",
  "store",
  "truncation",
  "user",
  "safety_identifier",
] as const;

export const promptedResponses: PromptedShape = ({ messages, parameters, tools, responseFormat }, own) => {
  const { reasoning_effort: effort, verbosity, tool_choice: choice } = parameters;
  const format = responseFormat === null ? undefined : formatOf(responseFormat);
  const text = compact({ format, verbosity });
  const asked = typeof own.input === "string" ? [{ role: "user", content: own.input }] : listOf(own.input);
  return compact({
    ...Object.fromEntries(SHARED.map((name) => [name, parameters[name]])),
    max_output_tokens: limitOf(parameters),
    reasoning: effort === undefined ? undefined : { effort },
    tool_choice: choice === undefined ? undefined : flat(choice),
    tools: tools.length > 0 ? tools.map(flat) : undefined,
    text: Object.keys(text).length > 0 ? text : undefined,
    ...own,
    input: [...messages.flatMap(itemsOf), ...asked],
  });
};

/** A tool, or the choice of a tool, without the object that wraps a function in chat. */
function flat(value: unknown): unknown {
  const tool = recordOf(value);
  return tool.type === "function" && tool.function !== undefined
    ? { type: "function", ...recordOf(tool.function) }
    : value;
}

function formatOf(format: JsonRecord): JsonRecord {
  return format.type === "json_schema" ? { type: "json_schema", ...recordOf(format.json_schema) } : format;
}

/** The items of one message. Tool calls and their results are separate items. */
function itemsOf(message: RenderedPrompt["messages"][number]): JsonRecord[] {
  const { role, content, tool_calls: calls, tool_call_id: callId } = message;
  if (role === "tool") return [{ type: "function_call_output", call_id: textOf(callId), output: content ?? "" }];
  const inputMessages = content === undefined || content === null || content === "" ? [] : [{ role, content }];
  const called = recordsOf(calls).map((call) => {
    const { name, arguments: given } = recordOf(call.function);
    return { type: "function_call", call_id: textOf(call.id), name: textOf(name), arguments: textOf(given) };
  });
  return [...inputMessages, ...called];
}
