import { Template } from "@huggingface/jinja";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { InferenceMessage, InferenceTool, InferenceToolCall } from "../port.ts";

/** The form of tool calls in a model's text. An empty start means that the whole answer is the call. */
export type CallMarks = { readonly start: string; readonly end: string };
const TAGS: CallMarks = { start: "<tool_call>", end: "</tool_call>" };
const BARE: CallMarks = { start: "", end: "" };

type ChatTemplateSource = {
  readonly text: string;
  readonly bos: string;
  readonly eos: string;
  readonly systemPrompt: string | null;
};

/** Puts conversations into the template that came with the model. Tools that the template knows nothing of are described in the system message. */
export function createChatTemplate({ text, bos, eos, systemPrompt }: ChatTemplateSource) {
  const template = parse(text);
  const knowsTools = /\btools\b/.test(text);
  const knowsCalls = /\btool_calls\b/.test(text);
  const marks = !knowsTools || text.includes(TAGS.start) ? TAGS : BARE;

  return {
    marks,
    /** The prompt's text, up to where the model begins to answer. Throws `invalid_request` when the template refuses the conversation. */
    render(messages: readonly InferenceMessage[], tools: readonly InferenceTool[]): string {
      const whole = withSystem(messages, {
        systemPrompt,
        note: knowsTools || tools.length === 0 ? null : describeTools(tools),
      });
      const items = {
        messages: whole.map((message) => toTemplateMessage(message, knowsCalls)),
        ...(knowsTools && tools.length > 0
          ? { tools: tools.map((tool) => ({ type: "function", function: tool })) }
          : {}),
        add_generation_prompt: true,
        bos_token: bos,
        eos_token: eos,
      };
      try {
        return template.render(items);
      } catch (cause) {
        const why = messageOf(cause);
        throw new AppError("invalid_request", {
          message: `This model's chat template rejects the conversation: ${why}`,
          cause,
        });
      }
    },
  };
}
export type ChatTemplate = ReturnType<typeof createChatTemplate>;

function parse(text: string) {
  try {
    return new Template(text);
  } catch (cause) {
    const why = messageOf(cause);
    throw new AppError("unprocessable", { message: `This model's chat template cannot be read: ${why}`, cause });
  }
}

function withSystem(
  messages: readonly InferenceMessage[],
  { systemPrompt, note }: { systemPrompt: string | null; note: string | null },
) {
  const [first, ...rest] = messages;
  const given = first?.role === "system" ? first.text : null;
  const text = [given ?? systemPrompt, note].filter((part) => part !== null).join("\n\n");
  const isUnchanged = text === "" && given === null;
  return isUnchanged ? messages : [{ role: "system" as const, text }, ...(given === null ? messages : rest)];
}

const describeTools = (tools: readonly InferenceTool[]) =>
  [
    "You can call these tools. Each line is one tool with the JSON schema of its arguments:",
    ...tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters })),
    "To call a tool, answer only with its name and its arguments, in this form:",
    `${TAGS.start}{"name": "…", "arguments": {…}}${TAGS.end}`,
  ].join("\n");

function toTemplateMessage(message: InferenceMessage, knowsCalls: boolean): object {
  if (message.role === "tool") {
    if (knowsCalls) return { role: "tool", content: message.text, tool_call_id: message.toolCallId };
    return { role: "user", content: `<tool_response>\n${message.text}\n</tool_response>` };
  }
  if (message.role !== "assistant" || !message.toolCalls || message.toolCalls.length === 0) {
    return { role: message.role, content: message.text };
  }
  if (knowsCalls)
    return { role: "assistant", content: message.text, tool_calls: message.toolCalls.map(toTemplateCall) };
  const calls = message.toolCalls.map(
    (call) => `${TAGS.start}{"name": ${JSON.stringify(call.name)}, "arguments": ${call.arguments}}${TAGS.end}`,
  );
  return { role: "assistant", content: [message.text, ...calls].filter((part) => part !== "").join("\n") };
}

const toTemplateCall = (call: InferenceToolCall) => ({
  id: call.id,
  type: "function",
  function: { name: call.name, arguments: parseArguments(call.arguments) },
});

/** Templates serialize arguments as JSON. Invalid JSON is passed as text. */
function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
