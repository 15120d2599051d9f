import type { ChatRequest, MessagesRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { invalid, unprocessable } from "../hub/content.ts";
import { compact, type JsonRecord, numberOf, recordOf, recordsOf, textOf } from "../hub/json.ts";
import { ANTHROPIC_FORMAT, type ReasoningDetail, unseal } from "../hub/reasoning.ts";

type HubMessage = ChatRequest["messages"][number];

function imagePart(block: JsonRecord, param: string): JsonRecord {
  const source = recordOf(block.source);
  if (source.type === "base64")
    return { type: "image_url", image_url: { url: `data:${textOf(source.media_type)};base64,${textOf(source.data)}` } };
  if (source.type === "url") return { type: "image_url", image_url: { url: textOf(source.url) } };
  throw unprocessable(`${param}.source.type`, `is ${JSON.stringify(source.type)}; images can come as base64 or url.`);
}

function documentPart(block: JsonRecord, param: string): JsonRecord {
  const source = recordOf(block.source);
  const filename = textOf(block.title) || undefined;
  switch (source.type) {
    case "base64":
      return {
        type: "file",
        file: compact({ file_data: `data:${textOf(source.media_type)};base64,${textOf(source.data)}`, filename }),
      };
    case "text":
      return {
        type: "text",
        text: filename === undefined ? textOf(source.data) : `${filename}\n\n${textOf(source.data)}`,
      };
    case "url":
      return { type: "file", file: compact({ file_url: textOf(source.url), filename }) };
    default:
      throw unprocessable(
        `${param}.source.type`,
        `is ${JSON.stringify(source.type)}; documents can come as base64, text or url.`,
      );
  }
}

/** A block of a user turn or a tool result as a part of the hub's content. */
function partOf(block: JsonRecord, param: string): JsonRecord {
  const mark =
    block.cache_control === undefined || block.cache_control === null ? {} : { cache_control: block.cache_control };
  switch (block.type) {
    case "text":
      return { type: "text", text: textOf(block.text), ...mark };
    case "image":
      return { ...imagePart(block, param), ...mark };
    case "document":
      return { ...documentPart(block, param), ...mark };
    case "search_result": {
      const texts = recordsOf(block.content).map((part) => textOf(part.text));
      return { type: "text", text: [`${textOf(block.title)} (${textOf(block.source)})`, ...texts].join("\n"), ...mark };
    }
    default:
      throw unprocessable(`${param}.type`, `is ${JSON.stringify(block.type)}, which this model cannot be given.`);
  }
}

function blocksOf(content: unknown, param: string): readonly JsonRecord[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (Array.isArray(content) && content.every(isRecord)) return content;
  throw invalid(param, "must be a string or a list of blocks.");
}

/** A single text stays a string, which every provider supports. */
function contentOf(parts: readonly JsonRecord[]): string | readonly JsonRecord[] {
  const [only] = parts;
  return parts.length === 1 && only?.type === "text" && only.cache_control === undefined ? textOf(only.text) : parts;
}

function toolMessage(block: JsonRecord, param: string): HubMessage {
  if (textOf(block.tool_use_id) === "") throw invalid(`${param}.tool_use_id`, "is missing.");
  const inner =
    block.content === undefined || block.content === null ? [] : blocksOf(block.content, `${param}.content`);
  const parts = inner.map((part, index) => partOf(part, `${param}.content[${index}]`));
  return compact({
    role: "tool",
    tool_call_id: textOf(block.tool_use_id),
    content: parts.length === 0 ? "" : contentOf(parts),
    is_error: block.is_error === true ? true : undefined,
    cache_control: block.cache_control ?? undefined,
  });
}

function userMessages(content: unknown, param: string): HubMessage[] {
  const messages: HubMessage[] = [];
  const parts: JsonRecord[] = [];
  for (const [index, block] of blocksOf(content, `${param}.content`).entries()) {
    const place = `${param}.content[${index}]`;
    if (block.type === "tool_result") messages.push(toolMessage(block, place));
    else parts.push(partOf(block, place));
  }
  return parts.length > 0 ? [...messages, { role: "user", content: contentOf(parts) }] : messages;
}

/** A thinking block in the hub's shape. Reasoning that the gateway sealed for another provider is unpacked. */
function thoughtOf(block: JsonRecord, index: number): ReasoningDetail[] {
  if (block.type === "thinking") {
    const signature = textOf(block.signature);
    // Unsigned thinking is only text, and no provider needs it.
    if (signature === "") return [];
    return (
      unseal(signature) ?? [
        { type: "reasoning.text", text: textOf(block.thinking), signature, format: ANTHROPIC_FORMAT, index },
      ]
    );
  }
  const data = textOf(block.data);
  return unseal(data) ?? [{ type: "reasoning.encrypted", data, format: ANTHROPIC_FORMAT, index }];
}

function assistantMessage(content: unknown, param: string): HubMessage {
  const texts: JsonRecord[] = [];
  const calls: JsonRecord[] = [];
  const details: ReasoningDetail[] = [];
  const thoughts: string[] = [];
  for (const [index, block] of blocksOf(content, `${param}.content`).entries()) {
    const place = `${param}.content[${index}]`;
    if (block.type === "text") texts.push(partOf(block, place));
    else if (block.type === "thinking" || block.type === "redacted_thinking") {
      details.push(...thoughtOf(block, index));
      thoughts.push(textOf(block.thinking));
    } else if (block.type === "tool_use") {
      if (textOf(block.name) === "") throw invalid(`${place}.name`, "is missing.");
      const called = { name: textOf(block.name), arguments: JSON.stringify(block.input ?? {}) };
      calls.push(
        compact({
          id: textOf(block.id),
          type: "function",
          function: called,
          cache_control: block.cache_control ?? undefined,
        }),
      );
    } else throw unprocessable(`${place}.type`, `is ${JSON.stringify(block.type)}, which this model cannot be given.`);
  }
  return compact({
    role: "assistant",
    content: texts.length === 0 ? null : contentOf(texts),
    reasoning_content: thoughts.join("") || undefined,
    reasoning_details: details.length > 0 ? details : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

function toolOf(tool: JsonRecord, index: number): JsonRecord {
  const type = tool.type ?? "custom";
  if (type !== "custom")
    throw unprocessable(
      `tools[${index}].type`,
      `is ${JSON.stringify(type)}, a tool that only Anthropic's own models know; this model can only be given custom tools.`,
    );
  if (textOf(tool.name) === "") throw invalid(`tools[${index}].name`, "is missing.");
  return compact({
    type: "function",
    function: compact({
      name: textOf(tool.name),
      description: textOf(tool.description) || undefined,
      parameters: isRecord(tool.input_schema) ? tool.input_schema : { type: "object", properties: {} },
      strict: tool.strict === true ? true : undefined,
    }),
    cache_control: tool.cache_control ?? undefined,
  });
}

function toolChoiceOf(choice: JsonRecord): unknown {
  switch (choice.type) {
    case "auto":
    case "none":
      return choice.type;
    case "any":
      return "required";
    case "tool":
      return { type: "function", function: { name: textOf(choice.name) } };
    default:
      throw invalid("tool_choice.type", "must be auto, any, tool or none.");
  }
}

/** Anthropic's thinking budget as the nearest effort of OpenAI. */
function effortOf(request: MessagesRequest): string | undefined {
  const thinking = recordOf(request.thinking);
  const effort = textOf(recordOf(request.output_config).effort);
  if (thinking.type === "disabled") return undefined;
  if (effort !== "") return effort;
  if (thinking.type === "adaptive") return "medium";
  const budget = numberOf(thinking.budget_tokens);
  if (thinking.type !== "enabled" || budget === undefined) return undefined;
  return budget <= 4_096 ? "low" : budget <= 12_288 ? "medium" : "high";
}

function formatOf(request: MessagesRequest): JsonRecord | undefined {
  const format = recordOf(recordOf(request.output_config).format ?? request.output_format);
  if (format.type !== "json_schema") return undefined;
  return { type: "json_schema", json_schema: { name: "answer", schema: format.schema, strict: true } };
}

function readMessages(request: MessagesRequest): HubMessage[] {
  const { system } = request;
  const first: HubMessage[] = [];
  if (typeof system === "string" && system !== "") first.push({ role: "system", content: system });
  if (Array.isArray(system) && system.length > 0) {
    first.push({ role: "system", content: contentOf(system.map((block, index) => partOf(block, `system[${index}]`))) });
  }
  const turns = request.messages.flatMap((message, index) => {
    const param = `messages[${index}]`;
    if (message.role === "user") return userMessages(message.content, param);
    if (message.role === "assistant") return [assistantMessage(message.content, param)];
    if (message.role === "system")
      return [{ role: "system", content: contentOf(blocksOf(message.content, `${param}.content`)) }];
    throw invalid(`${param}.role`, "must be user or assistant.");
  });
  return [...first, ...turns];
}

/** Translates Anthropic's request to the hub. Throws `AppError` with the field that is invalid or not supported. */
export function messagesToChat(request: MessagesRequest): ChatRequest {
  for (const name of ["mcp_servers", "container"]) {
    const given = request[name];
    if (given && !(Array.isArray(given) && given.length === 0))
      throw unprocessable(name, "is something that only Anthropic itself can do; leave it out for this model.");
  }
  const choice = isRecord(request.tool_choice) ? request.tool_choice : undefined;
  const isStream = request.stream === true;
  return compact({
    model: request.model,
    messages: readMessages(request),
    max_tokens: request.max_tokens,
    stream: isStream ? true : undefined,
    stream_options: isStream ? { include_usage: true } : undefined,
    temperature: request.temperature ?? undefined,
    top_p: request.top_p ?? undefined,
    top_k: request.top_k ?? undefined,
    stop: request.stop_sequences && request.stop_sequences.length > 0 ? request.stop_sequences : undefined,
    tools: request.tools && request.tools.length > 0 ? request.tools.map(toolOf) : undefined,
    tool_choice: choice && toolChoiceOf(choice),
    parallel_tool_calls: choice?.disable_parallel_tool_use === true ? false : undefined,
    response_format: formatOf(request),
    reasoning_effort: effortOf(request),
    user: textOf(recordOf(request.metadata).user_id) || undefined,
  });
}
