import type { ChatRequest, CompletionRequest } from "@treadle/contract";
import type { GenerateRequest, InferenceMessage } from "../../../../../platform/inference/port.ts";
import { onePrompt } from "../../formats/chat/completions.ts";
import {
  readFormat,
  readMaxTokens,
  readStops,
  readToolCalls,
  readToolChoice,
  readTools,
  warnLeftOut,
} from "../../formats/hub/chat-request.ts";
import { invalid, readParts, unprocessable } from "../../formats/hub/content.ts";
import { type JsonRecord, textOf } from "../../formats/hub/json.ts";

const LEFT_OUT = [
  "presence_penalty",
  "frequency_penalty",
  "logit_bias",
  "reasoning_effort",
  "verbosity",
  "audio",
  "modalities",
  "prediction",
];
/** OpenAI's default for completions without a limit. */
const COMPLETION_TOKENS = 16;

export type LocalRequest = { readonly generate: GenerateRequest; readonly warnings: readonly string[] };

function readText(content: unknown, param: string, modelId: string): string {
  const texts = readParts(content, param).map((part, index) => {
    if (part.kind === "text") return part.text;
    const thing = part.kind === "image" ? "an image" : part.kind === "audio" ? "sound" : "a file";
    throw unprocessable(`${param}[${index}]`, `is ${thing}, but the local model ${modelId} reads only text.`);
  });
  return texts.join("");
}

function toMessage(message: JsonRecord, param: string, modelId: string): InferenceMessage {
  const text = readText(message.content, `${param}.content`, modelId);
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", text };
    case "user":
      return { role: "user", text };
    case "assistant": {
      const toolCalls = readToolCalls(message.tool_calls, param).map(({ id, name, arguments: given }) => ({
        id,
        name,
        arguments: given || "{}",
      }));
      return toolCalls.length > 0 ? { role: "assistant", text, toolCalls } : { role: "assistant", text };
    }
    case "tool":
    case "function":
      return {
        role: "tool",
        text: message.is_error === true ? `Error: ${text}` : text,
        toolCallId: textOf(message.tool_call_id),
      };
    default:
      throw invalid(
        `${param}.role`,
        `is ${JSON.stringify(message.role)}; known are system, developer, user, assistant and tool.`,
      );
  }
}

function toolFields(request: ChatRequest): Pick<GenerateRequest, "tools" | "toolChoice"> {
  const choice = readToolChoice(request);
  const all = readTools(request).map(({ name, description, parameters }) => ({ name, description, parameters }));
  const tools = choice?.only ? all.filter((tool) => choice.only?.includes(tool.name)) : all;
  if (choice?.only && tools.length < choice.only.length) {
    throw invalid(
      "tool_choice",
      `names ${choice.only.find((name) => !all.some((tool) => tool.name === name))}, which is not among the tools.`,
    );
  }
  if (choice?.mode === "required" && tools.length === 0)
    throw invalid("tool_choice", "asks for a tool call, but there are no tools.");
  const [only] = choice?.only ?? [];
  const isOne = choice?.mode === "required" && choice.only?.length === 1 && only !== undefined;
  return { tools, toolChoice: isOne ? { name: only } : (choice?.mode ?? "auto") };
}

function refuseSeveral(request: { readonly n?: number | null; readonly best_of?: unknown }) {
  const [name, value] = (request.n ?? 1) > 1 ? ["n", request.n] : ["best_of", request.best_of];
  if (typeof value === "number" && value > 1)
    throw unprocessable(
      name ?? "n",
      "is more than 1, but a local model gives one answer to a request. Send the request several times.",
    );
}

function jsonSchema(request: ChatRequest): object | null {
  const format = readFormat(request);
  if (format.type === "text") return null;
  return format.type === "json_object" ? {} : format.schema;
}

/** Translates a chat request to the local engine. Throws `AppError`: `invalid_request` or `unprocessable`, naming the field. */
export function localChatRequest(modelId: string, request: ChatRequest): LocalRequest {
  refuseSeveral(request);
  const generate: GenerateRequest = {
    modelId,
    prompt: { messages: request.messages.map((message, index) => toMessage(message, `messages[${index}]`, modelId)) },
    maxTokens: readMaxTokens(request) ?? null,
    temperature: request.temperature ?? null,
    topP: request.top_p ?? null,
    seed: request.seed ?? null,
    stop: readStops(request),
    topLogprobs: request.logprobs === true ? (request.top_logprobs ?? 0) : null,
    jsonSchema: jsonSchema(request),
    ...toolFields(request),
  };
  return { generate, warnings: warnLeftOut(request, LEFT_OUT, "The local engine") };
}

/** A text to continue, without the model's chat template. As in OpenAI's API, the default limit is 16 tokens. */
export function localCompletionRequest(modelId: string, request: CompletionRequest): LocalRequest {
  refuseSeveral(request);
  if (request.echo === true)
    throw unprocessable("echo", "is not possible with a local model. Put the prompt before the answer yourself.");
  if (textOf(request.suffix) !== "")
    throw unprocessable("suffix", "is not possible with a local model: it cannot fill in the middle.");
  const generate: GenerateRequest = {
    modelId,
    prompt: { text: onePrompt(request) },
    maxTokens: request.max_tokens ?? COMPLETION_TOKENS,
    temperature: request.temperature ?? null,
    topP: request.top_p ?? null,
    seed: request.seed ?? null,
    stop: (typeof request.stop === "string" ? [request.stop] : (request.stop ?? [])).filter((stop) => stop !== ""),
    topLogprobs: request.logprobs ?? null,
    jsonSchema: null,
    tools: [],
    toolChoice: "none",
  };
  return { generate, warnings: warnLeftOut(request, LEFT_OUT, "The local engine") };
}
