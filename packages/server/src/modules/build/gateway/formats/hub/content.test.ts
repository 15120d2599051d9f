import { expect, test } from "vitest";
import { mediaTypeOf, parseDataUrl, readParts, readText } from "./content.ts";

test("a data URL is taken apart, and plain text in one becomes base64", () => {
  expect(parseDataUrl("data:image/png;base64,iVBOR")).toEqual({ mediaType: "image/png", base64: "iVBOR" });
  expect(parseDataUrl("data:text/plain;charset=utf-8,a%20b")).toEqual({
    mediaType: "text/plain",
    base64: Buffer.from("a b").toString("base64"),
  });
  expect(parseDataUrl("data:,100%")).toEqual({
    mediaType: "text/plain",
    base64: Buffer.from("100%").toString("base64"),
  });
  expect(parseDataUrl("https://example.com/a.png")).toBeUndefined();
});

test("every kind of part is read, with the cache mark a caller set", () => {
  const content = [
    { type: "text", text: "hi", cache_control: { type: "ephemeral" } },
    { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
    { type: "image_url", image_url: "data:image/gif;base64,R0" },
    { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
    { type: "file", file: { file_id: "file-1" } },
    { type: "input_audio", input_audio: { data: "UklG", format: "mp3" } },
    { type: "refusal", refusal: "no" },
  ];
  expect(readParts(content, "messages[0].content")).toEqual([
    { kind: "text", text: "hi", cacheControl: { type: "ephemeral" } },
    { kind: "image", source: { kind: "url", url: "https://example.com/a.png" } },
    { kind: "image", source: { kind: "data", mediaType: "image/gif", base64: "R0" } },
    { kind: "file", source: { kind: "data", mediaType: "application/pdf", base64: "JVBE" }, name: "a.pdf" },
    { kind: "file", source: { kind: "id", id: "file-1" } },
    { kind: "audio", base64: "UklG", format: "mp3" },
    { kind: "text", text: "no" },
  ]);
});

test.each([
  [[{ type: "video" }], "messages[0].content[0].type"],
  [["text"], "messages[0].content[0]"],
  [7, "messages[0].content"],
  [[{ type: "image_url", image_url: { url: "file:///etc/passwd" } }], "messages[0].content[0].image_url.url"],
  [[{ type: "file", file: {} }], "messages[0].content[0].file"],
])("content that cannot be read is refused with its place: %j", (content, param) => {
  expect(() => readParts(content, "messages[0].content")).toThrow(
    expect.objectContaining({ code: "invalid_request", details: { param } }),
  );
});

test("where only text is possible, another part is refused by name", () => {
  const content = [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }];
  expect(() => readText(content, "messages[0].content")).toThrow(expect.objectContaining({ code: "unprocessable" }));
});

test("a media type comes from the ending of a name or an address", () => {
  expect(mediaTypeOf("https://example.com/Photo.JPG?size=2")).toBe("image/jpeg");
  expect(mediaTypeOf("notes.txt")).toBe("text/plain");
  expect(mediaTypeOf("gs://bucket/thing")).toBe("application/octet-stream");
});
