import type { ChatRequest, ResponsesRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { invalid, unprocessable } from "../hub/content.ts";
import { compact, type JsonRecord, recordOf, recordsOf, textOf } from "../hub/json.ts";
import { type ReasoningDetail, unseal } from "../hub/reasoning.ts";
import { planTools, readCall, toolChoiceOf } from "./tools.ts";

type HubMessage = { role: string } & Record<string, unknown>;
/** The assistant's part of a turn: several items of a response become one message of the hub. */
type Turn = {
  content: string | readonly JsonRecord[] | null;
  thoughts: string[];
  details: ReasoningDetail[];
  calls: JsonRecord[];
};

function imageUrl(part: JsonRecord, param: string): JsonRecord {
  if (textOf(part.image_url) === "")
    throw unprocessable(`${param}.image_url`, "is missing; files that are stored with OpenAI cannot be passed on.");
  return {
    type: "image_url",
    image_url: compact({ url: textOf(part.image_url), detail: textOf(part.detail) || undefined }),
  };
}

function filePart(part: JsonRecord, param: string): JsonRecord {
  if (textOf(part.file_id) !== "")
    throw unprocessable(
      `${param}.file_id`,
      "names a file that is stored with OpenAI and cannot be passed on. Send `file_data`.",
    );
  return {
    type: "file",
    file: compact({
      file_data: textOf(part.file_data) || undefined,
      file_url: textOf(part.file_url) || undefined,
      filename: textOf(part.filename) || undefined,
    }),
  };
}

function partOf(part: JsonRecord, param: string): JsonRecord {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
      return { type: "text", text: textOf(part.text) };
    case "refusal":
      return { type: "text", text: textOf(part.refusal) };
    case "input_image":
      return imageUrl(part, param);
    case "input_file":
      return filePart(part, param);
    case "input_audio":
      return { type: "input_audio", input_audio: part.input_audio };
    default:
      throw invalid(
        `${param}.type`,
        `is ${JSON.stringify(part.type)}; known are input_text, input_image, input_file, input_audio, output_text and refusal.`,
      );
  }
}

/** Text alone becomes one string, which every provider supports. */
function contentOf(content: unknown, param: string): string | readonly JsonRecord[] {
  if (typeof content === "string") return content;
  if (!Array.isArray(content) || !content.every(isRecord)) throw invalid(param, "must be a string or a list of parts.");
  const parts = content.map((part, index) => partOf(part, `${param}[${index}]`));
  const isText = parts.every((part) => part.type === "text");
  return isText ? parts.map((part) => textOf(part.text)).join("") : parts;
}

/** Reasoning as text, and sealed reasoning that its provider needs. Reasoning that OpenAI encrypted is useless to other providers. */
function addReasoning(turn: Turn, item: JsonRecord) {
  const words = [...recordsOf(item.summary), ...recordsOf(item.content)].map((part) => textOf(part.text));
  turn.thoughts.push(...words);
  turn.details.push(...(unseal(textOf(item.encrypted_content)) ?? []));
}

const assistantMessage = (turn: Turn): HubMessage =>
  compact({
    role: "assistant",
    content: turn.content,
    reasoning_content: turn.thoughts.join("\n\n") || undefined,
    reasoning_details: turn.details.length > 0 ? turn.details : undefined,
    tool_calls: turn.calls.length > 0 ? turn.calls : undefined,
  });

/** Collects items into messages: the assistant's text, reasoning and tool calls between two inputs become one message. */
function createTurns() {
  const messages: HubMessage[] = [];
  let open: Turn | null = null;
  const close = () => {
    if (open) messages.push(assistantMessage(open));
    open = null;
  };
  return {
    turn() {
      open ??= { content: null, thoughts: [], details: [], calls: [] };
      return open;
    },
    say(content: string | readonly JsonRecord[]) {
      if (open?.content !== null) close();
      this.turn().content = content;
    },
    add(message: HubMessage) {
      close();
      messages.push(message);
    },
    done() {
      close();
      return messages;
    },
  };
}

function addItem(turns: ReturnType<typeof createTurns>, item: JsonRecord, param: string) {
  const type = item.type ?? (item.role === undefined ? undefined : "message");
  switch (type) {
    case "message": {
      const content = contentOf(item.content, `${param}.content`);
      if (item.role === "assistant") return turns.say(content);
      if (item.role !== "user" && item.role !== "system" && item.role !== "developer") {
        throw invalid(`${param}.role`, "must be user, assistant, system or developer.");
      }
      return turns.add({ role: item.role === "developer" ? "system" : item.role, content });
    }
    case "function_call":
    case "custom_tool_call":
      return void turns.turn().calls.push(readCall(item, param));
    case "function_call_output":
    case "custom_tool_call_output": {
      if (textOf(item.call_id) === "") throw invalid(`${param}.call_id`, "is missing.");
      return turns.add({
        role: "tool",
        tool_call_id: textOf(item.call_id),
        content: contentOf(item.output ?? "", `${param}.output`),
      });
    }
    case "reasoning":
      return addReasoning(turns.turn(), item);
    case "web_search_call":
      // The results of the search are in the next message. The search itself is useless to another model.
      return;
    case "item_reference":
      throw unprocessable(
        param,
        "refers to an item of an earlier response. Treadle stores no responses; send the item itself.",
      );
    default:
      throw unprocessable(
        `${param}.type`,
        `is ${JSON.stringify(type)}, which this model cannot be given; possible are message, function_call, function_call_output, custom_tool_call, custom_tool_call_output and reasoning.`,
      );
  }
}

function readInput(request: ResponsesRequest): HubMessage[] {
  const turns = createTurns();
  if (typeof request.instructions === "string" && request.instructions !== "")
    turns.add({ role: "system", content: request.instructions });
  if (typeof request.input === "string") turns.add({ role: "user", content: request.input });
  else for (const [index, item] of request.input.entries()) addItem(turns, item, `input[${index}]`);
  return turns.done();
}

function formatOf(request: ResponsesRequest): JsonRecord | undefined {
  const format = recordOf(recordOf(request.text).format);
  if (format.type === undefined || format.type === "text") return undefined;
  if (format.type === "json_object") return { type: "json_object" };
  if (format.type !== "json_schema") throw invalid("text.format.type", "must be text, json_object or json_schema.");
  if (!isRecord(format.schema)) throw invalid("text.format.schema", "must be a JSON schema object.");
  const { name, description, schema, strict } = format;
  return {
    type: "json_schema",
    json_schema: compact({
      name: textOf(name) || "answer",
      description: description ?? undefined,
      schema,
      strict: strict ?? undefined,
    }),
  };
}

/** Fields that need stored responses, or work in the background. */
const NEED_STORAGE: Readonly<Record<string, string>> = {
  previous_response_id:
    "names an earlier response, but Treadle stores no responses. Send the earlier items in `input`.",
  conversation: "names a conversation stored with OpenAI, but Treadle stores none. Send the earlier items in `input`.",
  prompt: "names a prompt stored with OpenAI. Send its text in `instructions`, or name one stored here by `name`.",
  background: "asks for an answer later, but Treadle stores no responses. Leave it out, and stream.",
};

/** Translates a request of OpenAI's Responses API to the hub. Throws `AppError` with the field that is invalid or not supported. */
export function responsesToChat(request: ResponsesRequest): ChatRequest {
  for (const [name, why] of Object.entries(NEED_STORAGE)) if (request[name]) throw unprocessable(name, why);
  const isStream = request.stream === true;
  const wantsLogprobs =
    (request.top_logprobs ?? 0) > 0 ||
    (Array.isArray(request.include) && request.include.includes("message.output_text.logprobs"));
  const effort = recordOf(request.reasoning).effort;
  const plan = planTools(request.tools);
  return compact({
    model: request.model,
    messages: readInput(request),
    max_tokens: request.max_output_tokens ?? undefined,
    stream: isStream ? true : undefined,
    stream_options: isStream ? { include_usage: true } : undefined,
    temperature: request.temperature ?? undefined,
    top_p: request.top_p ?? undefined,
    logprobs: wantsLogprobs ? true : undefined,
    top_logprobs: wantsLogprobs ? (request.top_logprobs ?? 0) : undefined,
    tools: plan.tools.length > 0 ? [...plan.tools] : undefined,
    tool_choice: toolChoiceOf(request.tool_choice, plan),
    parallel_tool_calls:
      typeof request.parallel_tool_calls === "boolean" && plan.tools.length > 0
        ? request.parallel_tool_calls
        : undefined,
    response_format: formatOf(request),
    reasoning_effort: textOf(effort) || undefined,
    verbosity: textOf(recordOf(request.text).verbosity) || undefined,
    user: textOf(request.user) || undefined,
    safety_identifier: textOf(request.safety_identifier) || undefined,
  });
}
