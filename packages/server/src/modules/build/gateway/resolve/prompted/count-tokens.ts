import { promptedMessages } from "./messages.ts";
import type { PromptedShape } from "./prompted-shape.ts";

/** The fields that count. Anthropic rejects a count request with any other field, such as the length of the answer. */
const COUNTED = new Set(["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config"]);

export const promptedCount: PromptedShape = (rendered, own) => {
  const request = promptedMessages(rendered, own);
  return Object.fromEntries(Object.entries(request).filter(([name]) => COUNTED.has(name) || name in own));
};
