import { expect, test } from "vitest";
import { estimateMessageTokens } from "./estimate-tokens.ts";

test("text, tools, calls and results are counted, and special tokens in a text are only text", async () => {
  const hello = await estimateMessageTokens({ messages: [{ role: "user", content: "Hello, world!" }] });
  expect(hello).toBe(4 + 4); // o200k: Hello | , |  world | !
  const special = await estimateMessageTokens({ messages: [{ role: "user", content: "<|endoftext|>" }] });
  expect(special).toBeGreaterThan(4);
  const more = await estimateMessageTokens({
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      { role: "user", content: "Hello, world!" },
      { role: "assistant", content: [{ type: "tool_use", name: "get_time", input: { zone: "CET" } }] },
      { role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: "noon" }] }] },
    ],
    tools: [{ name: "get_time", input_schema: { type: "object" } }],
  });
  expect(more).toBeGreaterThan(hello + 8);
});

test("a picture counts as the largest that is not shrunk, a PDF by its size", async () => {
  const count = (block: object) => estimateMessageTokens({ messages: [{ role: "user", content: [block] }] });
  expect(await count({ type: "image", source: { type: "url", url: "https://example.com/a.png" } })).toBe(1_604);
  const pdf = (bytes: number) =>
    count({ type: "document", source: { type: "base64", media_type: "application/pdf", data: "A".repeat(bytes) } });
  expect(await pdf(1_000_000)).toBeGreaterThan(await pdf(100_000));
});
