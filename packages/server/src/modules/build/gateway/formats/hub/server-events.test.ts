import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventReader, type ServerEvent, writeEvent } from "./server-events.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Cuts bytes at the given places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => whole.subarray(start, ends[index] ?? whole.length));
}

function read(pieces: readonly Uint8Array[]): ServerEvent[] {
  const reader = createEventReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

test("events are the same wherever the bytes are cut, within a character and between CR and LF too", () => {
  const text =
    'event: one\r\ndata: {"a":"世界 🎡"}\r\n\r\n: a comment\ndata: two\ndata: lines\n\ndata:three\r\rid: 7\ndata: [DONE]\n\n';
  const wanted = [
    { event: "one", data: '{"a":"世界 🎡"}' },
    { event: "", data: "two\nlines" },
    { event: "", data: "three" },
    { event: "", data: "[DONE]" },
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 30 }), (places) => {
      expect(read(cut(bytes(text), places))).toEqual(wanted);
    }),
  );
});

test("bytes that are no UTF-8 are read as a decoder reads them, wherever they are cut", () => {
  const line = fc.uint8Array().map((given) => given.filter((byte) => byte !== 0x0a && byte !== 0x0d));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
      const whole = Buffer.concat(lines.flatMap((given) => [bytes("data: "), given, bytes("\n\n")]));
      expect(read(cut(whole, places)).map(({ data }) => data)).toEqual(
        lines.map((given) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(given)),
      );
    }),
  );
});

test("the last event counts though the empty line behind it is missing", () => {
  expect(read([bytes("data: a\n\ndata: b")])).toEqual([
    { event: "", data: "a" },
    { event: "", data: "b" },
  ]);
});

test("any JSON value survives being written and read", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const [event] = read([bytes(writeEvent({ value }, "x"))]);
      expect(event?.event).toBe("x");
      expect(JSON.parse(event?.data ?? "")).toEqual(JSON.parse(JSON.stringify({ value })));
    }),
  );
});

test("a line that never ends is refused before it fills the memory", () => {
  const reader = createEventReader();
  const piece = new Uint8Array(8 * 1024 * 1024).fill(0x61);
  expect(() => {
    for (let index = 0; index < 5; index++) reader.push(piece);
  }).toThrow(/more than 32 million characters/);
});
