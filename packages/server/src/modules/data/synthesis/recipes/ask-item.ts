import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Asked } from "../model-calls/ask-model.ts";
import { inputText } from "../model-calls/fit-item.ts";
import type { Try } from "./recipe.ts";

/** Asks what an item asks: its own messages and tools, or its fields as text. */
export function askItem({ ask, input }: Try, { inputs }: Item, temperature: number): Promise<Asked> {
  const own = Array.isArray(inputs.messages) ? inputs.messages.filter(isMessage) : [];
  const system = input.instructions === "" ? [] : [{ role: "system", content: input.instructions }];
  const messages = own.length > 0 ? own : [{ role: "user", content: inputText(inputs) }];
  const tools = Array.isArray(inputs.tools) ? inputs.tools.filter(isRecord) : [];
  return ask({ model: input.model, temperature, messages: [...system, ...messages], tools });
}

const isMessage = (value: unknown): value is { role: string } => isRecord(value) && typeof value.role === "string";

/** The answer: a message if the item is a conversation, otherwise its text. */
export function answerFor({ inputs }: Item, { text, toolCalls }: Extract<Asked, { kind: "answer" }>): unknown {
  if (!Array.isArray(inputs.messages)) return text.trim();
  return {
    role: "assistant",
    content: text.trim() === "" && toolCalls.length > 0 ? null : text.trim(),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
}
