import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createSetAside } from "./set-aside.ts";

const picture = Buffer.alloc(40_000, 7);
const dataUri = `data:image/png;base64,${picture.toString("base64")}`;
const sha256 = createHash("sha256").update(picture).digest("hex");

test("media in a message is stored separately by its hash, and the part contains its size", () => {
  const aside = createSetAside();
  const messages = [
    {
      role: "user",
      parts: [
        { type: "text", content: "look" },
        { type: "blob", modality: "image", mime_type: "image/png", content: picture.toString("base64") },
        { type: "uri", modality: "image", uri: dataUri },
        { type: "uri", modality: "image", uri: "https://example.com/a.png" },
      ],
    },
  ];
  const blob = { type: "blob", modality: "image", mime_type: "image/png", content: "", size_bytes: 40_000, sha256 };
  expect(aside.bound(messages)).toEqual([
    {
      role: "user",
      parts: [
        { type: "text", content: "look" },
        blob,
        blob,
        { type: "uri", modality: "image", uri: "https://example.com/a.png" },
      ],
    },
  ]);
  expect(aside.objects().map((object) => [object.sha256, Buffer.from(object.bytes).equals(picture)])).toEqual([
    [sha256, true],
  ]);
});

test("a data URI anywhere else becomes a reference that names its type and size", () => {
  const aside = createSetAside();
  expect(aside.bound({ deep: [{ image: dataUri }] })).toEqual({
    deep: [{ image: `treadle-object:${sha256}?type=image/png&bytes=40000` }],
  });
});

test("a text of more than 256 KiB leaves its beginning and a reference to all of it", () => {
  const aside = createSetAside();
  const text = "ä".repeat(300_000);
  const bounded = String(aside.bound(text));
  expect(bounded.startsWith("ä".repeat(2_000))).toBe(true);
  expect(bounded).toMatch(/… \[treadle-object:[0-9a-f]{64}\?type=text\/plain&bytes=600000\]$/);
  expect(Buffer.from(aside.objects()[0]?.bytes ?? []).toString()).toBe(text);
});

test("what is small is the same object as before, and nothing is set aside", () => {
  const aside = createSetAside();
  const value = { a: [1, "two", null, { three: "data:image/png;base64,AAAA" }] };
  expect(aside.bound(value)).toBe(value);
  expect(aside.objects()).toEqual([]);
});

test("what is nested without end is cut, and no key changes an object", () => {
  const aside = createSetAside();
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(JSON.stringify(aside.bound(deep))).toContain("nested too deeply");
  const hostile = JSON.parse(`{"__proto__":{"isAdmin":true},"image":"${dataUri}"}`);
  const bounded = aside.bound(hostile) as object;
  expect(Object.keys(bounded).sort()).toEqual(["__proto__", "image"]);
  expect(Object.getPrototypeOf(bounded)).toBe(Object.prototype);
});

test("the first and last of many short messages are shown, and all of them are stored separately", () => {
  const aside = createSetAside();
  const messages = Array.from({ length: 3_000 }, (_, index) => ({
    role: "user",
    parts: [{ type: "text", content: `${index} ${"x".repeat(500)}` }],
  }));
  const { shown, whole } = aside.payload(messages);
  const list = shown as typeof messages;
  expect([list[0], list.at(-1)]).toEqual([messages[0], messages.at(-1)]);
  expect(JSON.stringify(list).length).toBeLessThan(70_000);
  const [object] = aside.objects();
  expect(whole).toBe(`treadle-object:${object?.sha256}?type=application/json&bytes=${object?.bytes.byteLength}`);
  expect(JSON.parse(Buffer.from(object?.bytes ?? []).toString())).toEqual(messages);
  expect(aside.payload(messages.slice(0, 100))).toEqual({ shown: messages.slice(0, 100), whole: "" });
});

test("any other long value, and an attribute, leaves its beginning and a reference", () => {
  const aside = createSetAside();
  const record = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`key ${index}`, "x".repeat(500)]));
  const { shown, whole } = aside.payload(record);
  expect(shown).toBe(`${JSON.stringify(record).slice(0, 2_000)}… [${whole}]`);
  expect(aside.bound(record)).toBe(shown);
  expect(String(aside.bound(Object.values(record)))).toContain("… [treadle-object:");
});

test("many long texts in one span are stored separately once a row is full, and the next span starts again", () => {
  const aside = createSetAside();
  const text = (place: number) => `${place} ${"x".repeat(200_000)}`;
  aside.begin();
  const bounded = Array.from({ length: 40 }, (_, place) => String(aside.bound(text(place))));
  expect(bounded[0]).toBe(text(0));
  expect(bounded.at(-1)).toMatch(/^39 x{1997}… \[treadle-object:/);
  expect(bounded.join("").length).toBeLessThan(4_500_000);
  aside.begin();
  expect(aside.bound(text(0))).toBe(text(0));
});
