import { expect, test } from "vitest";
import type { ChatChunk } from "../hub/hub.ts";
import { chatFormat } from "./chat.ts";

const chunk = (delta: ChatChunk["choices"][number]["delta"], finish: string | null = null): ChatChunk => ({
  id: "",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const usage: ChatChunk = {
  ...chunk({}),
  choices: [],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

function write(chunks: readonly ChatChunk[], includeUsage: boolean) {
  const request = { model: "m", messages: [{ role: "user" }], stream_options: { include_usage: includeUsage } };
  const writer = chatFormat.streamWriter(request, { id: "chatcmpl-9", model: "m", now: 1_000 });
  const text = chunks.map((one) => writer.write(one)).join("") + writer.end();
  const lines = text.split("\n\n").filter((line) => line !== "");
  expect(lines.pop()).toBe("data: [DONE]");
  return lines.map((line) => JSON.parse(line.replace(/^data: /, "")));
}

test("with include_usage every chunk has a usage, null until the last; without it none has", () => {
  expect(write([chunk({ content: "a" }), chunk({}, "stop"), usage], true).map((one) => one.usage)).toEqual([
    null,
    null,
    usage.usage,
  ]);
  const silent = write([chunk({ content: "a" }), chunk({}, "stop"), usage], false);
  expect(silent).toHaveLength(2);
  expect(silent.some((one) => "usage" in one)).toBe(false);
});

test("a stream without an id gets one", () => {
  expect(write([chunk({ content: "a" })], false)[0].id).toBe("chatcmpl-9");
});

test("thoughts to return are sent once, at the end, since clients store only the last ones", () => {
  const [first, last, ...more] = write(
    [
      chunk({ reasoning_details: [{ a: 1 }] }),
      chunk({ content: "x" }),
      chunk({ reasoning_details: [{ b: 2 }] }),
      chunk({}, "stop"),
    ],
    false,
  );
  expect(more).toEqual([]);
  expect(first.choices[0].delta).toEqual({ content: "x" });
  expect(last.choices[0]).toEqual({
    index: 0,
    delta: { reasoning_details: [{ a: 1 }, { b: 2 }] },
    finish_reason: "stop",
  });
});

test("a broken stream ends with an error in OpenAI's shape", () => {
  const writer = chatFormat.streamWriter({ model: "m", messages: [{ role: "user" }] }, { id: "x", model: "m", now: 0 });
  expect(JSON.parse(writer.fail({ code: "provider_failed", message: "It broke.", status: 502 }).slice(6))).toEqual({
    error: { message: "It broke.", type: "server_error", param: null, code: "provider_failed" },
  });
});
