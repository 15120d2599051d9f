import type { ChatRequest } from "@treadle/contract";
import { listOf } from "./json.ts";

type HubMessage = ChatRequest["messages"][number];

const partsOf = (content: unknown): readonly unknown[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : listOf(content);

/** Contents behind one another: texts with an empty line between them, and otherwise all of their parts. */
function joined(contents: readonly unknown[]): unknown {
  if (contents.every((content) => typeof content === "string")) return contents.filter(Boolean).join("\n\n");
  return contents.flatMap(partsOf);
}

const isInstruction = ({ role }: HubMessage) => role === "system" || role === "developer";
const isUnnamedUser = ({ role, name }: HubMessage) => role === "user" && (name === undefined || name === null);

/**
 * The messages in the one order that the chat templates of all open models take: one system message, at the beginning, and no two messages of a user behind
 * one another. Some templates refuse any other, and some pass over a second system message without a word.
 */
export function inTemplateOrder(messages: readonly HubMessage[]): HubMessage[] {
  const instructions = messages.filter(isInstruction);
  /** Each message with the contents of those of the same user that follow it at once. */
  const runs: { readonly first: HubMessage; readonly contents: unknown[] }[] = [];
  for (const message of messages) {
    if (isInstruction(message)) continue;
    const last = runs.at(-1);
    if (last && isUnnamedUser(message) && isUnnamedUser(last.first)) last.contents.push(message.content);
    else runs.push({ first: message, contents: [message.content] });
  }
  const ordered = runs.map(({ first, contents }) =>
    contents.length === 1 ? first : { ...first, content: joined(contents) },
  );
  if (instructions.length === 0) return ordered;
  return [{ role: "system", content: joined(instructions.map(({ content }) => content)) }, ...ordered];
}
