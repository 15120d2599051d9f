import type { ChatRequest } from "@treadle/contract";
import { listOf } from "../../formats/hub/json.ts";

type HubMessage = ChatRequest["messages"][number];

const partsOf = (content: unknown): readonly unknown[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : listOf(content);

/** Joins contents: texts with an empty line between them, otherwise all of their parts. */
function joined(contents: readonly unknown[]): unknown {
  if (contents.every((content) => typeof content === "string")) return contents.filter(Boolean).join("\n\n");
  return contents.flatMap(partsOf);
}

const isInstruction = ({ role }: HubMessage) => role === "system" || role === "developer";
const isUnnamedUser = ({ role, name }: HubMessage) => role === "user" && (name === undefined || name === null);

/**
 * The messages in the order that the chat templates of all open models accept: one system message at the beginning, and never two user
 * messages in a row. Some templates reject any other order, and some ignore a second system message silently.
 */
export function inTemplateOrder(messages: readonly HubMessage[]): HubMessage[] {
  const instructions = messages.filter(isInstruction);
  /** Each message, joined with the messages of the same user that follow it directly. */
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
