import { asChat, questionOf } from "./as-chat.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { looksLikeMessages, readMessages, readTools } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["prompt", "completion", "tools"]);

export const promptCompletion: Shape = {
  id: "prompt-completion",
  label: "Prompt and completion",
  description: "`prompt` and `completion`, either both text or both lists of messages.",
  fits: (row) => "prompt" in row && "completion" in row,
  read(row) {
    const { prompt, completion } = row;
    const extra = readExtraFields(row, OWN);
    if (typeof prompt === "string" && !looksLikeMessages(prompt)) {
      if (typeof completion !== "string") return refuse("/completion", "It is not text, but the prompt is.");
      return { ...extra, inputs: { prompt, ...readTools(row.tools, "/tools") }, expected: completion };
    }
    const asked = readMessages(prompt, "/prompt");
    const answers = readMessages(completion, "/completion");
    const answer = answers.at(-1);
    if (answer?.role !== "assistant") return refuse("/completion", "It does not end with an assistant message.");
    const inputs = { messages: [...asked, ...answers.slice(0, -1)], ...readTools(row.tools, "/tools") };
    return { ...extra, inputs, expected: answer };
  },
  write(item) {
    const { inputs, expected } = item;
    if (expected === null) return refuse("/expected", "There is no expected answer to use as the completion.");
    if (inputs.messages !== undefined || inputs.instruction !== undefined) {
      const { messages, answer, others } = asChat(item);
      return { prompt: messages, completion: [answer], ...others, ...writeExtraFields(item) };
    }
    if (typeof expected !== "string") return refuse("/expected", "It is not text. Use the shape treadle or table.");
    const { tools, ...texts } = inputs;
    const prompt = questionOf(texts);
    return { prompt, completion: expected, ...(tools !== undefined && { tools }), ...writeExtraFields(item) };
  },
};
