import type { ChatRequest } from "@treadle/contract";
import { type JsonRecord, listOf } from "./json.ts";

type HubMessage = ChatRequest["messages"][number];

const partsOf = (content: unknown): readonly unknown[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : listOf(content);

/** Two contents behind one another: texts with an empty line between them, and otherwise all of their parts. */
function joined(first: unknown, second: unknown): unknown {
  if (typeof first === "string" && typeof second === "string") return [first, second].filter(Boolean).join("\n\n");
  return [...partsOf(first), ...partsOf(second)];
}

const isInstruction = ({ role }: HubMessage) => role === "system" || role === "developer";
const isNamed = ({ name }: JsonRecord) => name !== undefined && name !== null;

/**
 * The messages in the one order that the chat templates of all open models take: one system message, at the beginning, and no two messages of a user behind
 * one another. Some templates refuse any other, and some pass over a second system message without a word.
 */
export function inTemplateOrder(messages: readonly HubMessage[]): HubMessage[] {
  const instructions = messages.filter(isInstruction).map(({ content }) => content);
  const ordered: HubMessage[] =
    instructions.length > 0 ? [{ role: "system", content: instructions.reduce((all, one) => joined(all, one)) }] : [];
  for (const message of messages) {
    if (isInstruction(message)) continue;
    const last = ordered.at(-1);
    if (message.role === "user" && last?.role === "user" && !isNamed(message) && !isNamed(last))
      ordered[ordered.length - 1] = { ...last, content: joined(last.content, message.content) };
    else ordered.push(message);
  }
  return ordered;
}
