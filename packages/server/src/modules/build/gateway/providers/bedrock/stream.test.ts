import { readFileSync } from "node:fs";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatChunk } from "../../formats/hub/hub.ts";
import { bedrockStreamReader } from "./stream.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/bedrock/${name}`, import.meta.url));
const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const frame = (headers: Record<string, string>, value: unknown) =>
  Buffer.from(
    codec.encode({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { type: "string", value: text }]),
      ),
      body: Buffer.from(JSON.stringify(value)),
    }),
  );
const event = (type: string, value: unknown) =>
  frame({ ":message-type": "event", ":event-type": type, ":content-type": "application/json" }, value);
const events: [string, unknown][] = JSON.parse(fixture("stream.json").toString());
const whole = Buffer.concat(events.map(([type, value]) => event(type, value)));

function stream(bytes: Buffer, cuts: readonly number[] = []): ChatChunk[] {
  const reader = bedrockStreamReader(asked);
  const ends = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b);
  const pieces = [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const choices = (chunks: ChatChunk[]) =>
  chunks.flatMap((chunk) => chunk.choices.map(({ delta, finish_reason }) => ({ delta, finish_reason })));

test("a binary stream is read: thoughts with their signature, text, calls, end and usage", () => {
  const chunks = stream(whole);
  expect(choices(chunks)).toEqual([
    { delta: { role: "assistant", content: "" }, finish_reason: null },
    { delta: { reasoning_content: "Two " }, finish_reason: null },
    { delta: { reasoning_content: "calls." }, finish_reason: null },
    {
      delta: {
        reasoning_details: [
          {
            type: "reasoning.text",
            text: "Two calls.",
            signature: "EqoBCkgIARAB",
            format: "anthropic-claude-v1",
            index: 0,
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { content: "Looking " }, finish_reason: null },
    { delta: { content: "in 巴黎." }, finish_reason: null },
    {
      delta: {
        tool_calls: [
          {
            index: 0,
            id: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q",
            type: "function",
            function: { name: "get_weather", arguments: "" },
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }, finish_reason: null },
    { delta: { tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }, finish_reason: null },
    {
      delta: {
        tool_calls: [
          {
            index: 1,
            id: "tooluse_hbTgdi0CSLq_hM4P8csZJA",
            type: "function",
            function: { name: "get_time", arguments: "" },
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { tool_calls: [{ index: 1, function: { arguments: "{}" } }] }, finish_reason: null },
    { delta: {}, finish_reason: "tool_calls" },
  ]);
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 500, completion_tokens: 80, prompt_tokens_details: { cached_tokens: 100 } },
  });
});

test("a binary stream reads the same wherever its bytes are cut", () => {
  const wanted = choices(stream(whole));
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { maxLength: 30 }), (cuts) => {
      expect(choices(stream(whole, cuts))).toEqual(wanted);
    }),
  );
});

test("exceptions, damage, interruptions and foreign bytes in a stream are reported", () => {
  const start = event("messageStart", { role: "assistant" });
  const exception = frame(
    { ":message-type": "exception", ":exception-type": "throttlingException" },
    { message: "Too many tokens" },
  );
  expect(() => stream(Buffer.concat([start, exception]))).toThrow(
    expect.objectContaining({ upstream: { message: "Too many tokens", type: "throttlingException", code: null } }),
  );
  const error = frame({ ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Oops" }, {});
  expect(() => stream(error)).toThrow(
    expect.objectContaining({ upstream: { message: "Oops", type: "InternalFailure", code: null } }),
  );
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(damaged.readUInt8(90) ^ 1, 90);
  expect(() => stream(damaged)).toThrow(/damaged/);
  expect(() => stream(whole.subarray(0, whole.length - 400))).toThrow(/before `messageStop`/);
  expect(() => stream(Buffer.from("<html>gateway timeout</html>"))).toThrow(/not an AWS event stream/);
});
