import { expect, test } from "vitest";
import { fitOpenAi } from "./fit-request.ts";
import { inTemplateOrder } from "./template-order.ts";

const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } };
const text = (words: string) => ({ type: "text", text: words });

test("instructions of all places are one system message, and a user's messages behind one another are one", () => {
  const call = { role: "assistant", content: null, tool_calls: [{ id: "c" }] };
  const result = { role: "tool", tool_call_id: "c", content: "r" };
  expect(
    inTemplateOrder([
      { role: "system", content: "Be brief." },
      { role: "developer", content: "Be kind." },
      { role: "user", content: "The folder is empty." },
      { role: "user", content: "Hi" },
      call,
      result,
      { role: "system", content: "Time is short." },
      { role: "user", content: [image] },
      { role: "user", content: "What is it?" },
    ]),
  ).toEqual([
    { role: "system", content: "Be brief.\n\nBe kind.\n\nTime is short." },
    { role: "user", content: "The folder is empty.\n\nHi" },
    call,
    result,
    { role: "user", content: [image, text("What is it?")] },
  ]);
});

test("parts stay parts, people with names stay apart, and what is in order stays as it is", () => {
  expect(
    inTemplateOrder([
      { role: "system", content: [text("a"), text("b")] },
      { role: "system", content: "c" },
      { role: "user", name: "ada", content: "x" },
      { role: "user", name: "bob", content: "y" },
    ]),
  ).toEqual([
    { role: "system", content: [text("a"), text("b"), text("c")] },
    { role: "user", name: "ada", content: "x" },
    { role: "user", name: "bob", content: "y" },
  ]);
  const fine = [
    { role: "user", content: "x" },
    { role: "assistant", content: "y" },
    { role: "user", content: "z" },
  ];
  expect(inTemplateOrder(fine)).toEqual(fine);
});

test("ten thousand long messages behind one another are put together in one go", () => {
  const content = "word ".repeat(1_000);
  const messages = Array.from({ length: 10_000 }, (_, index) => ({ role: index % 2 ? "user" : "system", content }));
  const [system, user, ...more] = inTemplateOrder(messages);
  expect([String(system?.content).length, String(user?.content).length]).toEqual([25_009_998, 25_009_998]);
  expect(more).toEqual([]);
});

test("OpenAI, Azure and OpenRouter get the caller's order, every other server the order of templates", () => {
  const messages = [
    { role: "system", content: "a" },
    { role: "system", content: "b" },
    { role: "user", content: "c" },
  ];
  const roles = (preset: string) =>
    fitOpenAi({ model: "m", messages }, preset).request.messages.map(({ role }) => role);
  for (const preset of ["openai", "azure", "openrouter"]) expect(roles(preset)).toEqual(["system", "system", "user"]);
  for (const preset of ["vllm", "ollama", "lmstudio", "groq", "openai-compatible"])
    expect(roles(preset)).toEqual(["system", "user"]);
});
