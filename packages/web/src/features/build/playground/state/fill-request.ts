import type { Answer } from "../../../../api.ts";
import { inputsIn, inputsOf } from "../../../../components/form/template-inputs.ts";
import type { CurrentProject } from "../../../system/session/index.ts";
import { type ChatColumn, type ChatMessage, requestOf, saidOf } from "./playground-state.ts";

type Json = Readonly<Record<string, unknown>>;
export type StoredVersion = Answer<"GET /api/v1/prompts/:name/versions/:version">;
type Client = CurrentProject["client"];

export const readVersion = (
  client: Client,
  { name, version }: { name: string; version: number },
  signal?: AbortSignal,
) => client.call("GET /api/v1/prompts/:name/versions/:version", { params: { name, version: String(version) }, signal });

/** The inputs that free messages name. */
export const namedIn = (messages: readonly ChatMessage[]): readonly string[] => [
  ...new Set(messages.flatMap(({ content, raw }) => (raw ? [] : [...inputsIn("mustache", content)]))),
];

/** The inputs of a stored version: from its schema, its texts and its message placeholders. */
export function takenBy(version: StoredVersion): readonly string[] {
  const { names, placeholders } = inputsOf(version);
  const properties = version.inputs?.properties;
  const described = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return [...new Set([...described, ...names, ...placeholders])];
}

export type Asked = {
  column: ChatColumn;
  messages: readonly ChatMessage[];
  /** What is put into the prompt, by name. */
  inputs: Json;
  /** Messages of a dataset item, which follow the prompt's messages. */
  conversation: readonly unknown[];
};

/**
 * The request of a column with its inputs in it. A stored prompt is filled in by the gateway, which notes its version
 * on the span.
 */
export async function fillRequest(client: Client, asked: Asked, signal: AbortSignal): Promise<Json> {
  const { column, inputs, conversation } = asked;
  const request = requestOf(column, asked.messages);
  if (column.prompt)
    return {
      ...request,
      prompt: { ...column.prompt, inputs },
      ...(conversation.length > 0 && { messages: conversation }),
    };
  const messages = Object.keys(inputs).length > 0 ? await fillMessages(client, asked, signal) : asked.messages;
  const { messages: said } = requestOf(column, messages);
  return { ...request, messages: [...(Array.isArray(said) ? said : []), ...conversation] };
}

/** Free messages are filled in as a stored prompt would be, so that saving them as one changes nothing. */
async function fillMessages(client: Client, { messages, inputs }: Asked, signal: AbortSignal) {
  const said = saidOf(messages);
  const texts = said.filter(({ raw, content }) => !raw && content !== "");
  if (texts.length === 0) return messages;
  const filled = await client.call("POST /api/v1/prompt-previews", {
    body: {
      content: { type: "chat", messages: texts.map(({ role, content }) => ({ role, content })) },
      inputs: { ...inputs },
    },
    signal,
  });
  const byId = new Map(texts.map(({ id }, index) => [id, filled.messages[index]?.content]));
  return said.map((message) => {
    const content = byId.get(message.id);
    return typeof content === "string" ? { ...message, content } : message;
  });
}
