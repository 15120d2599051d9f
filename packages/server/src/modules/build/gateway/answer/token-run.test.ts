import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { StreamEvent } from "../formats/hub/hub.ts";
import { anthropic } from "../providers/anthropic/anthropic.ts";
import { openAiCompatible } from "../providers/openai/openai-compatible.ts";
import { createEventGate } from "./event-gate.ts";

const PROVIDERS = { openai: openAiCompatible, anthropic } as const;
type Format = keyof typeof PROVIDERS;

/** The passed part of a stream with these chunks, and the text that the recorder gets. */
function passThrough(format: Format, pieces: readonly (string | Buffer)[]) {
  const gate = createEventGate({ format, hidesUsage: false });
  const passed = pieces.map((piece) => gate.push(Buffer.from(piece)));
  return {
    events: [...passed.flatMap(({ events }) => events), ...gate.unread()],
    shown: Buffer.concat(passed.map(({ shown }) => shown)).toString(),
    problem: gate.state.problem,
  };
}
/** The answer that events make up. */
function collect(format: Format, events: readonly StreamEvent[]) {
  const collector = createCollector();
  const reader = PROVIDERS[format].passThrough?.chunkReader({ model: "m", now: 0, includeUsage: true });
  for (const event of events) for (const chunk of reader?.read(event) ?? []) collector.add(chunk);
  return collector.response();
}
const parsed = (written: readonly string[]): StreamEvent[] =>
  written.map((text) => ({ event: "", value: JSON.parse(text.slice(text.indexOf("data: ") + "data: ".length)) }));

const write = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const chatToken = (delta: object, more: object = {}) =>
  write({ id: "1", model: "m", choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], ...more });
const claudeToken = (text: string) =>
  `event: content_block_delta\n${write({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })}`;
const claudeStart = `event: content_block_start\n${write({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } })}`;

const WRITERS: readonly (readonly [string, Format, (text: string) => string])[] = [
  ["chat", "openai", (content) => chatToken({ content })],
  [
    "chat with padding",
    "openai",
    (content) => chatToken({ content }, { usage: null, obfuscation: "x".repeat(content.length % 7) }),
  ],
  ["chat's thoughts", "openai", (text) => chatToken({ role: "assistant", content: "", reasoning_content: text })],
  [
    "chat in escapes only",
    "openai",
    (content) =>
      chatToken({ content }).replace(/[^ -~\n]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ],
  [
    "completions",
    "openai",
    (text) => write({ id: "1", model: "m", choices: [{ index: 0, text, finish_reason: null }] }),
  ],
  ["Anthropic's messages", "anthropic", claudeToken],
];

describe.each(WRITERS)("a run of tokens in %s", (_name, format, writeToken) => {
  const start = format === "anthropic" ? [claudeStart] : [];

  test("passes byte for byte and has the content of its single events, however it is split", () => {
    const word = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.nat()), (words, cuts) => {
        const written = [...start, ...words.map(writeToken)];
        const bytes = Buffer.from(written.join(""));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        for (const given of [pieces, written]) {
          const { events, shown, problem } = passThrough(format, given);
          expect([shown, problem]).toEqual([bytes.toString(), null]);
          expect(collect(format, events)).toEqual(collect(format, parsed(written)));
        }
      }),
    );
  });

  test("is read as one event", () => {
    const written = [...start, ...["a", "b", " \n", '"', "ü", "\\"].map(writeToken)];
    const { events } = passThrough(format, written);
    expect(events).toHaveLength(start.length + 2);
  });
});

describe("what is not a run", () => {
  test("an event that only begins like the others is parsed separately", () => {
    const whole = chatToken({ content: "a" });
    const broken = ['"', "\\x", "\\u12", "\n", "\u0001", 'b"}', '","role":"'].map((text) =>
      whole.replace('"a"', () => `"${text}"`),
    );
    for (const event of broken) {
      const { shown, problem } = passThrough("openai", [whole, whole, event, whole]);
      const isJson = event === whole.replace('"a"', '"","role":""');
      expect([shown, problem === null]).toEqual([
        isJson ? `${whole}${whole}${event}${whole}` : `${whole}${whole}`,
        isJson,
      ]);
    }
  });

  test.each([
    ["names of calls", { tool_calls: [{ index: 0, function: { name: "f", arguments: "{" } }] }],
    ["two texts", { content: "a", reasoning_content: "b" }],
    ["signed thoughts", { content: "a", reasoning_details: [{ text: "b" }] }],
  ])("%s are read event by event", (_name, delta) => {
    const written = Array.from({ length: 4 }, () => chatToken(delta));
    const { events } = passThrough("openai", written);
    expect(events).toEqual(parsed(written));
  });

  test("an event that differs in more than its text ends the run, in the original order", () => {
    const written = [
      ...["a", "b", "c"].map((content) => chatToken({ content })),
      ...["d", "e", "f"].map((content) => chatToken({ content }, { usage: { completion_tokens: 3 } })),
      chatToken({}, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    ];
    const { events } = passThrough("openai", written);
    expect(collect("openai", events)).toEqual(collect("openai", parsed(written)));
    expect(collect("openai", events)).toMatchObject({
      choices: [{ message: { content: "abcdef" }, finish_reason: "stop" }],
      usage: { completion_tokens: 3 },
    });
  });
});

test("a long run is returned in parts, so that it does not fill the memory", () => {
  const gate = createEventGate({ format: "openai", hidesUsage: false });
  const piece = Buffer.from(chatToken({ content: "x".repeat(1_000) }));
  const given = Array.from({ length: 200 }, () => gate.push(piece).events.length);
  expect(given.filter((count) => count > 0).length).toBeGreaterThan(2);
});
