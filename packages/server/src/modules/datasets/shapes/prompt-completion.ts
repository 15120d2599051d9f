import { asChat, questionOf } from "./as-chat.ts";
import { readBeside, writeBeside } from "./beside.ts";
import { looksLikeMessages, readMessages, readTools } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["prompt", "completion", "tools"]);

export const promptCompletion: Shape = {
  id: "prompt-completion",
  label: "Prompt and completion",
  description: "`prompt` and `completion`, both texts or both lists of messages.",
  fits: (row) => "prompt" in row && "completion" in row,
  read(row) {
    const { prompt, completion } = row;
    const beside = readBeside(row, OWN);
    if (typeof prompt === "string" && !looksLikeMessages(prompt)) {
      if (typeof completion !== "string") return refuse("/completion", "It is not a text, and the prompt is one.");
      return { ...beside, inputs: { prompt, ...readTools(row.tools, "/tools") }, expected: completion };
    }
    const asked = readMessages(prompt, "/prompt");
    const answers = readMessages(completion, "/completion");
    const answer = answers.at(-1);
    if (answer?.role !== "assistant") return refuse("/completion", "It does not end with a message of the assistant.");
    const inputs = { messages: [...asked, ...answers.slice(0, -1)], ...readTools(row.tools, "/tools") };
    return { ...beside, inputs, expected: answer };
  },
  write(item) {
    const { inputs, expected } = item;
    if (expected === null) return refuse("/expected", "There is no expected answer to complete the prompt with.");
    if (inputs.messages !== undefined || inputs.instruction !== undefined) {
      const { messages, answer, others } = asChat(item);
      return { prompt: messages, completion: [answer], ...others, ...writeBeside(item) };
    }
    if (typeof expected !== "string") return refuse("/expected", "It is not a text. Use the shape treadle or table.");
    const { tools, ...texts } = inputs;
    const prompt = questionOf(texts);
    return { prompt, completion: expected, ...(tools !== undefined && { tools }), ...writeBeside(item) };
  },
};
