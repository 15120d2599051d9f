import type { RenderedPrompt } from "@treadle/contract";
import { compact, type JsonRecord, listOf, recordOf, recordsOf, textOf } from "../wires/json.ts";
import { limitOf, type PromptedShape } from "./prompted-shape.ts";

/** What both of OpenAI's shapes call by one name; what is a parameter of chat alone has no place here. */
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

/** A tool, or the choice of one, without the object that chat puts around a function. */
function flat(value: unknown): unknown {
  const tool = recordOf(value);
  return tool.type === "function" && tool.function !== undefined
    ? { type: "function", ...recordOf(tool.function) }
    : value;
}

function formatOf(format: JsonRecord): JsonRecord {
  return format.type === "json_schema" ? { type: "json_schema", ...recordOf(format.json_schema) } : format;
}

/** One message; calls of tools and their results are items of their own. */
function itemsOf(message: RenderedPrompt["messages"][number]): JsonRecord[] {
  const { role, content, tool_calls: calls, tool_call_id: callId } = message;
  if (role === "tool") return [{ type: "function_call_output", call_id: textOf(callId), output: content ?? "" }];
  const said = content === undefined || content === null || content === "" ? [] : [{ role, content }];
  const called = recordsOf(calls).map((call) => {
    const { name, arguments: given } = recordOf(call.function);
    return { type: "function_call", call_id: textOf(call.id), name: textOf(name), arguments: textOf(given) };
  });
  return [...said, ...called];
}
