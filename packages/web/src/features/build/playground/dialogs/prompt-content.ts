import { PromptContent } from "@treadle/contract";
import type { StoredVersion } from "../state/fill-request.ts";
import { type ChatColumn, type ChatMessage, requestOf, saidOf } from "../state/playground-state.ts";

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Request fields that a prompt stores elsewhere or not at all. */
const APART = ["model", "messages", "prompt", "tools", "response_format"];

/**
 * A column as the content of a prompt version, or why it cannot be one. Of a stored prompt the texts stay, and what was
 * set here wins.
 */
export function contentOf(
  column: ChatColumn,
  messages: readonly ChatMessage[],
  stored: StoredVersion | undefined,
): { content: PromptContent } | { problem: string } {
  const said = saidOf(messages);
  if (!column.prompt && said.some(({ raw, images = [] }) => raw !== undefined || images.length > 0))
    return { problem: "A stored prompt can hold only text. Remove the images and tool calls from the messages." };
  const request = requestOf(column, messages);
  const parameters = Object.fromEntries(Object.entries(request).filter(([name]) => !APART.includes(name)));
  const settings = {
    model: column.model || (stored?.model ?? null),
    parameters: { ...stored?.parameters, ...parameters },
    tools: Array.isArray(request.tools) ? request.tools : (stored?.tools ?? []),
    responseFormat: isJson(request.response_format) ? request.response_format : (stored?.responseFormat ?? null),
  };
  const texts = said.map(({ role, content }) => ({ role, content }));
  const read = PromptContent.safeParse(
    stored
      ? { ...writtenOf(stored), format: stored.format, inputs: stored.inputs, ...settings }
      : { type: "chat", messages: texts, ...settings },
  );
  if (read.success) return { content: read.data };
  const [issue] = read.error.issues;
  return { problem: `${issue?.path.join(".") ?? "The column"} ${issue?.message ?? "cannot be saved"}.` };
}

const writtenOf = (stored: StoredVersion) =>
  stored.type === "text"
    ? { type: stored.type, template: stored.template }
    : { type: stored.type, messages: stored.messages };
