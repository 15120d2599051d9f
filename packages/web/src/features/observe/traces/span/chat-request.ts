import { type Message, messagesOf } from "../content/messages.ts";
import type { Span } from "../model/use-trace.ts";

/** A request in OpenAI's shape, as far as the playground and the code samples need it. */
export type ChatRequest = { model: string; messages: readonly Readonly<Record<string, unknown>>[] } & Readonly<
  Record<string, unknown>
>;

/** The request that made a generation, rebuilt from its span; undefined for other spans. */
export function chatRequestOf(span: Span): ChatRequest | undefined {
  const messages = span.kind === "generation" ? messagesOf(span.input) : undefined;
  if (!messages) return undefined;
  const { stream: _, ...parameters } = span.parameters;
  return { model: span.endpoint || span.requestModel, messages: messages.flatMap(toOpenAi), ...parameters };
}

function toOpenAi({ role, parts }: Message): Record<string, unknown>[] {
  const results = parts.flatMap((part) =>
    part.kind === "result" ? [{ role: "tool", tool_call_id: part.id, content: asText(part.result) }] : [],
  );
  if (results.length > 0) return results;
  const calls = parts.flatMap((part) =>
    part.kind === "call"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: asText(part.arguments) } }]
      : [],
  );
  const content = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
  return [{ role, content: content || null, ...(calls.length > 0 && { tool_calls: calls }) }];
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));
