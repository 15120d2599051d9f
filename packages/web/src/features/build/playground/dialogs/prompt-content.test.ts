import { expect, test } from "vitest";
import { newColumn, newMessage } from "../state/playground-state.ts";
import { contentOf } from "./prompt-content.ts";

test("a column becomes a prompt: its texts as templates, its parameters and tools in their places", () => {
  const tool = { type: "function", function: { name: "look" } };
  const column = { ...newColumn("m"), tools: JSON.stringify([tool]) };
  const made = contentOf(column, [newMessage("system", ""), newMessage("user", "About {{topic}}")], undefined);
  expect(made).toEqual({
    content: {
      type: "chat",
      format: "mustache",
      inputs: null,
      model: "m",
      tools: [tool],
      responseFormat: null,
      messages: [{ role: "user", content: "About {{topic}}" }],
      parameters: { temperature: 0.7, max_tokens: 512 },
    },
  });
});

test("images cannot be part of a prompt, and the reason is shown", () => {
  const message = { ...newMessage("user", "What is this?"), images: ["https://example.com/a.png"] };
  expect(contentOf(newColumn("m"), [message], undefined)).toEqual({
    problem: "A stored prompt can hold only text. Remove the images and tool calls from the messages.",
  });
});
