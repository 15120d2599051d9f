import type { SpanUpdate } from "./active-span.ts";
import type { Collector, Fields } from "./openai-answers.ts";
import { isFields } from "./openai-answers.ts";
import type { Tracing } from "./tracing.ts";
import { type Recorder, wrapMethods } from "./wrap-methods.ts";

/** The same Anthropic client, whose messages are recorded as generations; see `wrapOpenAI`. */
export function wrapAnthropic<Client extends object>(tracing: Tracing, client: Client): Client {
  return wrapMethods(tracing, client, {
    "messages.create": { operation: "chat", kind: "generation", recorder },
    "messages.stream": { operation: "chat", kind: "generation", recorder },
  });
}

const CONTENT = new Set(["model", "messages", "system", "tools", "metadata", "stream"]);

const recorder: Recorder = (body) => {
  const { system, messages } = body;
  const parameters = Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !CONTENT.has(name) && value !== undefined && value !== null),
  );
  const before = system === undefined ? [] : [{ role: "system", content: system }];
  return {
    model: typeof body.model === "string" ? body.model : "",
    update: {
      provider: "anthropic",
      input: Array.isArray(messages) ? [...before, ...messages] : messages,
      parameters,
      ...(Array.isArray(body.tools) && { attributes: { "gen_ai.tool.definitions": body.tools } }),
    },
    collect,
  };
};

/** Builds the message from its events, as the documentation of streaming describes them. */
function collect(): Collector {
  let message: Fields = {};
  const blocks: { block: Fields; text: string }[] = [];
  return {
    add(event) {
      if (!isFields(event)) return;
      if (event.type === "message_start" && isFields(event.message)) message = event.message;
      if (event.type === "content_block_start" && isFields(event.content_block))
        blocks.push({ block: event.content_block, text: "" });
      const last = blocks.at(-1);
      if (event.type === "content_block_delta" && isFields(event.delta) && last) last.text += pieceOf(event.delta);
      if (event.type === "message_delta")
        message = {
          ...message,
          ...(isFields(event.delta) ? event.delta : {}),
          usage: { ...(isFields(message.usage) ? message.usage : {}), ...(isFields(event.usage) ? event.usage : {}) },
        };
    },
    finish: (whole) => toUpdate(isFields(whole) ? whole : { ...message, content: blocks.map(toBlock) }),
  };
}

const pieceOf = ({ text, thinking, partial_json: json }: Fields): string =>
  [text, thinking, json].find((piece) => typeof piece === "string") ?? "";

function toBlock({ block, text }: { block: Fields; text: string }): Fields {
  if (block.type === "tool_use") return { ...block, input: parsed(text) };
  return block.type === "thinking" ? { ...block, thinking: text } : { ...block, text };
}

function parsed(json: string): unknown {
  try {
    return json === "" ? {} : JSON.parse(json);
  } catch {
    return json;
  }
}

/** Anthropic counts cached tokens separately. A span's input includes them. */
function toUpdate(message: Fields): SpanUpdate {
  const usage = isFields(message.usage) ? message.usage : {};
  const count = (name: string) => (typeof usage[name] === "number" ? usage[name] : 0);
  const cachedInputTokens = count("cache_read_input_tokens");
  return {
    inputTokens: count("input_tokens") + cachedInputTokens + count("cache_creation_input_tokens"),
    outputTokens: count("output_tokens"),
    cachedInputTokens,
    output: [{ role: "assistant", content: message.content, finish_reason: message.stop_reason ?? "" }],
    ...(typeof message.model === "string" && { responseModel: message.model }),
    ...(typeof message.id === "string" && { attributes: { "gen_ai.response.id": message.id } }),
  };
}
