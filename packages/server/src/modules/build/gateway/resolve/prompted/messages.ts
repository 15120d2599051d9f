import { compact, type JsonRecord, listOf, recordOf, textOf } from "../../formats/hub/json.ts";
import { toAnthropicMessages } from "../../providers/anthropic/messages.ts";
import { limitOf, type PromptedShape } from "./prompted-shape.ts";

/** Parameters with the same name in both formats, and parameters that only Anthropic has. */
const SHARED = ["temperature", "top_p", "top_k", "thinking", "service_tier", "metadata"] as const;
const isSystem = ({ role }: { readonly role: string }) => role === "system" || role === "developer";

export const promptedMessages: PromptedShape = ({ messages, parameters, tools, responseFormat }, own) => {
  const { stop } = parameters;
  const turns = messages.filter((message) => !isSystem(message));
  const system = [
    ...messages.filter(isSystem).map(({ content }) => ({ type: "text", text: textOf(content) })),
    ...(typeof own.system === "string" ? [{ type: "text", text: own.system }] : listOf(own.system)),
  ];
  const asked = listOf(own.messages);
  const inputMessages = turns.length > 0 ? toAnthropicMessages({ model: "", messages: turns }).messages : [];
  return compact({
    ...Object.fromEntries(SHARED.map((name) => [name, parameters[name]])),
    max_tokens: limitOf(parameters),
    stop_sequences: stop === undefined || stop === null ? undefined : typeof stop === "string" ? [stop] : stop,
    tools: tools.length > 0 ? tools.map(toolOf) : undefined,
    output_config: responseFormat === null ? undefined : formatOf(responseFormat),
    ...own,
    system: system.length > 0 ? system : undefined,
    messages: [...inputMessages, ...asked],
  });
};

function toolOf(tool: JsonRecord): JsonRecord {
  const { name, description, parameters } = recordOf(tool.function);
  return compact({
    name: textOf(name),
    description: textOf(description) || undefined,
    input_schema: { type: "object", ...recordOf(parameters) },
  });
}

const formatOf = (format: JsonRecord): JsonRecord | undefined =>
  format.type === "json_schema"
    ? { format: { type: "json_schema", schema: recordOf(format.json_schema).schema } }
    : undefined;
