import { isRecord } from "../../../../kernel/is-record.ts";
import type { FormatId } from "../formats/formats.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";

type Add = (request: AnyRequest, text: string) => AnyRequest | null;

const ADD: Partial<Readonly<Record<FormatId, Add>>> = {
  chat: (request, text) =>
    Array.isArray(request.messages) ? { ...request, messages: withInstruction(request.messages, text) } : null,
  messages: ({ system, ...request }, text) => ({
    ...request,
    system: Array.isArray(system) ? [...system, { type: "text", text }] : joined(system, text),
  }),
  responses: ({ instructions, ...request }, text) => ({ ...request, instructions: joined(instructions, text) }),
  completions: (request, text) =>
    typeof request.prompt === "string" ? { ...request, prompt: joined(text, request.prompt) } : null,
};

/** The request with a text at the end of its instructions; null if it has no place for one. */
export const addInstruction = (format: FormatId, request: AnyRequest, text: string): AnyRequest | null =>
  ADD[format]?.(request, text) ?? null;

/** The first instruction is extended: not every model accepts one at the end, or two of them. */
function withInstruction(messages: readonly unknown[], text: string): readonly unknown[] {
  const [first, ...others] = messages;
  const isInstruction = isRecord(first) && (first.role === "system" || first.role === "developer");
  if (!isInstruction) return [{ role: "system", content: text }, ...messages];
  const { content } = first;
  const added = Array.isArray(content) ? [...content, { type: "text", text }] : joined(content, text);
  return [{ ...first, content: added }, ...others];
}

const joined = (before: unknown, after: string) =>
  typeof before === "string" && before !== "" ? `${before}\n\n${after}` : after;
