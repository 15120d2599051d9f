import { expect, test } from "vitest";
import { fitOpenAi } from "./fit-request.ts";

const reasoningPart = { type: "reasoning.text", text: "Hm.", signature: "sig" };
const mark = { cache_control: { type: "ephemeral" } };
const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } };
const request = {
  model: "m",
  max_tokens: 50,
  top_k: 3,
  tools: [{ type: "function", function: { name: "f" }, ...mark }],
  messages: [
    { role: "system", content: [{ type: "text", text: "Be brief.", ...mark }] },
    {
      role: "assistant",
      content: null,
      reasoning_content: "Hm.",
      reasoning_details: [reasoningPart],
      tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" }, ...mark }],
    },
    { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "half" }, image], is_error: true, ...mark },
    { role: "tool", tool_call_id: "b", content: [image] },
    { role: "user", content: "So?" },
  ],
};

test("a strict server gets nothing that OpenAI's shape does not have, and pictures of tools in a user's message", () => {
  expect(fitOpenAi(request, "groq")).toEqual({
    request: {
      model: "m",
      max_tokens: 50,
      tools: [{ type: "function", function: { name: "f" } }],
      messages: [
        { role: "system", content: [{ type: "text", text: "Be brief." }] },
        { role: "assistant", content: null, tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "a", content: "Error: half" },
        { role: "tool", tool_call_id: "b", content: "The result is in the next message." },
        { role: "user", content: [image, image, { type: "text", text: "So?" }] },
      ],
    },
    warnings: [expect.stringContaining("top_k")],
  });
});

test("services that read thoughts and cache marks get them", () => {
  const router = fitOpenAi(request, "openrouter");
  expect(router.request).toMatchObject({
    top_k: 3,
    tools: [mark],
    messages: [{ content: [mark] }, { reasoning_details: [reasoningPart] }, {}, {}, {}, {}],
  });
  expect(router.request.messages[1]).not.toHaveProperty("reasoning_content");
  expect(fitOpenAi(request, "deepseek").request.messages[1]).toMatchObject({ reasoning_content: "Hm." });
});

test("OpenAI itself gets the limit under its newer name", () => {
  const { request: fitted } = fitOpenAi(request, "openai");
  expect(fitted).toMatchObject({ max_completion_tokens: 50 });
  expect(fitted).not.toHaveProperty("max_tokens");
});

test("ids of calls that are too long, and names of users, are shortened to the same each time", () => {
  const long = `functions.look_up:0:${"x".repeat(80)}`;
  const fit = (preset: string) =>
    fitOpenAi(
      {
        model: "m",
        user: JSON.stringify({ device_id: "d".repeat(64), session_id: "s".repeat(36) }),
        messages: [
          { role: "assistant", content: null, tool_calls: [{ id: long, type: "function" }, { id: "short" }] },
          { role: "tool", tool_call_id: long, content: "r" },
          { role: "tool", tool_call_id: "short", content: "r" },
        ],
      },
      preset,
    ).request;
  const { user, messages } = fit("openai");
  const [assistant, first, second] = messages;
  expect(first?.tool_call_id).toMatch(/^call_[0-9a-f]{35}$/);
  expect(assistant?.tool_calls).toMatchObject([{ id: first?.tool_call_id }, { id: "short" }]);
  expect(second?.tool_call_id).toBe("short");
  expect(user).toMatch(/^[0-9a-f]{64}$/);
  expect(fit("openai")).toEqual(fit("vllm"));
  expect(fit("mistral").messages[2]?.tool_call_id).toMatch(/^[0-9a-f]{9}$/);
});
