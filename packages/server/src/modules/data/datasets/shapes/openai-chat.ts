import type { Row } from "../files/row.ts";
import { asChat } from "./as-chat.ts";
import { passesExtraFields, readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { looksLikeMessages, readMessages, readTools, splitAnswer } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

/** Inputs other than messages and tools. */
const PASSED = ["parallel_tool_calls", "functions", "response_format"] as const;
const OWN: ReadonlySet<string> = new Set(["messages", "tools", ...PASSED]);

/** The keys of a request that are passed on as they are. */
function passedOf(row: Row): Row | null {
  let passed: Record<string, unknown> | null = null;
  for (const key of PASSED) {
    const value = row[key];
    if (value === null || value === undefined) continue;
    passed ??= {};
    passed[key] = value;
  }
  return passed;
}

export const openaiChat: Shape = {
  id: "openai-chat",
  label: "OpenAI chat",
  description:
    "`messages`, with `weight` and tool calls, and `tools`. OpenAI and most trainers use this format for fine-tuning.",
  fits: (row) => looksLikeMessages(row.messages),
  read(row) {
    const messages = readMessages(row.messages, "/messages");
    if (messages.length === 0) return refuse("/messages", "There are no messages.");
    const { asked, answer } = splitAnswer(messages);
    const inputs = { messages: asked, ...readTools(row.tools, "/tools"), ...passedOf(row) };
    return { ...readExtraFields(row, OWN), inputs, expected: answer };
  },
  passes(path) {
    const [first, , key] = path;
    if (first !== "messages") return passesExtraFields(path, OWN);
    return key === "content" && path.length === 3 ? "as-is" : null;
  },
  write(item) {
    const { messages, answer, others } = asChat(item);
    return { messages: answer ? [...messages, answer] : messages, ...others, ...writeExtraFields(item) };
  },
};
