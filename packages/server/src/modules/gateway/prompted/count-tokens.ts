import { promptedMessages } from "./messages.ts";
import type { PromptedShape } from "./prompted-shape.ts";

/** What is counted. Anthropic refuses to count a request that says more, such as how long the answer may be. */
const COUNTED = new Set(["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config"]);

export const promptedCount: PromptedShape = (rendered, own) => {
  const request = promptedMessages(rendered, own);
  return Object.fromEntries(Object.entries(request).filter(([name]) => COUNTED.has(name) || name in own));
};
