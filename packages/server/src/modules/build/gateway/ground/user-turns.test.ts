import { describe, expect, test } from "vitest";
import { questionOf } from "./find-passages.ts";
import { beforeLastText, userTexts } from "./user-turns.ts";

const withTools = {
  model: "m",
  messages: [
    { role: "user", content: [{ type: "text", text: "How long?" }] },
    { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "42" }] },
  ],
};

describe("the texts of the user", () => {
  test("leave out the results of tools and other roles", () => {
    expect(userTexts(withTools)).toEqual(["How long?"]);
    expect(userTexts({ model: "m", input: "Hi" })).toEqual(["Hi"]);
    expect(userTexts({ model: "m", input: [{ role: "user", content: [{ type: "input_image" }] }] })).toEqual([]);
  });

  test("get another text before the last of them, in the shape of their format", () => {
    const { messages } = beforeLastText(withTools, "PASSAGES") as typeof withTools;
    expect(messages[0]?.content).toEqual([
      { type: "text", text: "PASSAGES" },
      { type: "text", text: "How long?" },
    ]);
    expect(messages.slice(1)).toEqual(withTools.messages.slice(1));
    const parts = [{ type: "input_image" }, { type: "input_text", text: "What?" }];
    expect(beforeLastText({ model: "m", input: [{ role: "user", content: parts }] }, "P").input).toEqual([
      { role: "user", content: [parts[0], { type: "input_text", text: "P" }, parts[1]] },
    ]);
  });
});

describe("a question", () => {
  test("is the last text, and holds earlier texts only with the history", () => {
    expect(questionOf(["one", "two"], false)).toBe("two");
    expect(questionOf(["one", "two"], true)).toBe("one\ntwo");
  });

  test("is never longer than a search accepts", () => {
    expect(questionOf(["a".repeat(20_000), "b".repeat(6_000)], true)).toHaveLength(10_000);
    expect(questionOf(["b".repeat(20_000)], true)).toHaveLength(10_000);
  });

  test("needs a text of the user", () => {
    expect(() => questionOf([], true)).toThrow("no message of the user");
  });
});
