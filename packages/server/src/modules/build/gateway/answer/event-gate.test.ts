import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEventGate } from "./event-gate.ts";

const openAi = (hidesUsage = false) => createEventGate({ format: "openai", hidesUsage });
const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n';

/** The caller's view of a stream that arrives in chunks with these boundaries. */
function pass(gate: ReturnType<typeof openAi>, text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const shown = places.slice(1).map((end, index) => gate.push(bytes.subarray(places[index], end)).shown);
  return Buffer.concat([...shown, gate.flush().shown]).toString();
}

describe("the gate passes", () => {
  test("a stream byte for byte, split anywhere, in any language, with any line ending", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" })),
        fc.array(fc.nat()),
        fc.boolean(),
        (words, cuts, returns) => {
          const text = `${words.map(chunk).join("")}: a comment\n\ndata: [DONE]\n\n`;
          const sent = returns ? text.replaceAll("\n\n", "\r\n\r\n") : text;
          const gate = openAi();
          expect(pass(gate, sent, cuts)).toBe(sent);
          expect(gate.state).toMatchObject({ problem: null, isWhole: true });
        },
      ),
    );
  });

  test("half an event only with its other half", () => {
    const gate = openAi();
    expect(gate.push(Buffer.from(`${chunk("a")}data: {"choi`)).shown.toString()).toBe(chunk("a"));
    expect(gate.push(Buffer.from('ces":[]}\n\n')).shown.toString()).toBe('data: {"choices":[]}\n\n');
  });

  test("an event of many megabytes in small chunks, each searched once", () => {
    const gate = openAi();
    const event = Buffer.from(chunk("x".repeat(24 * 1024 * 1024)));
    const shown: Buffer[] = [];
    for (let at = 0; at < event.length; at += 512) shown.push(gate.push(event.subarray(at, at + 512)).shown);
    expect(Buffer.concat(shown).equals(event)).toBe(true);
  });

  test("everything but usage that only the gateway requested, wherever the stream is split, and still reads it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        expect(pass(openAi(true), `${chunk("ä")}${usage}data: [DONE]\n\n`, cuts)).toBe(`${chunk("ä")}data: [DONE]\n\n`);
      }),
    );
    const both = openAi(true).push(Buffer.from(usage));
    expect(both.events).toEqual([{ event: "", value: JSON.parse(usage.slice("data: ".length)) }]);
    expect(both.shown.toString()).toBe("");
  });

  test("a chunk without choices and without usage, as Azure sends first", () => {
    const first = 'data: {"choices":[],"prompt_filter_results":[]}\n\n';
    expect(pass(openAi(true), first)).toBe(first);
  });

  test("a last event without its empty line, with one added", () => {
    expect(pass(openAi(), `${chunk("a")}data: [DONE]\n`)).toBe(`${chunk("a")}data: [DONE]\n\n\n`);
  });
});

describe("the gate stops", () => {
  test.each(["data: oops\n\n", 'data: {"a":\n\n', "data: {'a':1}\n\n", "data: <html>\n\n"])(
    "%j, and the stream ends after the previous event",
    (broken) => {
      const gate = openAi();
      expect(pass(gate, `${chunk("a")}${broken}${chunk("b")}`)).toBe(chunk("a"));
      expect(gate.state.problem).toContain("not a JSON object");
    },
  );
});

test("an event that never ends stops the stream before it fills the memory", () => {
  const gate = openAi();
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let sent = 0; sent <= 32; sent++) gate.push(piece);
  expect(gate.state.problem).toContain("more than 32 MB");
});

describe("the gate detects", () => {
  test("the first token, not the empty first chunk", () => {
    const gate = openAi();
    gate.push(Buffer.from('data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'));
    expect(gate.state.hasToken).toBe(false);
    gate.push(Buffer.from(chunk("a")));
    expect(gate.state.hasToken).toBe(true);
  });

  test.each([
    ["openai", "data: [DONE]\n\n"],
    ["anthropic", 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
    ["responses", 'event: response.completed\ndata: {"type":"response.completed","response":{}}\n\n'],
  ] as const)("the last event of %s, and no text that looks like it", (format, last) => {
    const gate = createEventGate({ format, hidesUsage: false });
    gate.push(Buffer.from(chunk('data: [DONE] {"type":"message_stop"} {"type":"response.completed"}')));
    expect(gate.state.isWhole).toBe(false);
    gate.push(Buffer.from(last));
    expect(gate.state.isWhole).toBe(true);
  });
});
