import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { detectFormat } from "./detect-format.ts";
import { writeDocx } from "./testing/write-docx.ts";
import { writePptx } from "./testing/write-pptx.ts";

const detect = (name: string, content: string | Uint8Array, mediaType?: string) =>
  detectFormat({ name, bytes: typeof content === "string" ? Buffer.from(content) : content, mediaType });
const docx = writeDocx([{ kind: "paragraph", text: "Hello" }], "");

test("the content wins over the extension and the media type", () => {
  expect(detect("letter.txt", docx, "text/plain")).toBe("docx");
  expect(detect("slides", writePptx([{ title: "a", pieces: [] }]), "application/octet-stream")).toBe("pptx");
  expect(detect("page.txt", "%PDF-1.7 …")).toBe("pdf");
  expect(detect("report.pdf", "\n<!-- saved --><!DOCTYPE html><p>Sign in</p>", "application/pdf")).toBe("html");
  const odt = zipSync({
    mimetype: [strToU8("application/vnd.oasis.opendocument.text"), { level: 0 }],
    "content.xml": strToU8("<x/>"),
  });
  expect(detect("letter.zip", odt)).toBe("odt");
});

test("the extension wins over the media type", () => {
  expect(detect("README.md", "# <html>", "text/plain")).toBe("markdown");
  expect(detect("rows.csv", "a,b", "application/vnd.ms-excel")).toBe("csv");
  expect(detect("main.py", "print(1)", "text/html")).toBe("code");
  expect(detect("page.tsx", "<html></html>")).toBe("code");
  expect(detect("archive/mail.EML", "Subject: a")).toBe("email");
});

test("the media type decides without an extension, and else it is text", () => {
  expect(detect("page", "<p>Hello</p>", "text/html; charset=utf-8")).toBe("html");
  expect(detect("rows", '{"a":1}', "application/x-ndjson")).toBe("jsonl");
  expect(detect("message", "Received: from a\nSubject: b\n\nHello")).toBe("email");
  expect(detect("notes", "Hello")).toBe("text");
  expect(detect("notes", Buffer.from("\ufeffHello", "utf16le"))).toBe("text");
});

test.each([
  ["old.docx", Buffer.from("d0cf11e0a1b11ae1", "hex"), "old Office document or is protected by a password"],
  ["photo.pdf", Buffer.from("89504e470d0a1a0a", "hex"), "It is a PNG image."],
  ["data.txt", Buffer.from("6100620063", "hex"), "binary file of an unknown format"],
  ["files.zip", zipSync({ "a.txt": strToU8("a") }), "archive that is no Office document"],
  ["report.pdf", Buffer.from("Access denied"), "Its extension is that of another format"],
])("%s is rejected with the reason", (name, bytes, reason) => {
  expect(() => detectFormat({ name, bytes })).toThrow(
    expect.objectContaining({ code: "unsupported_media_type", message: expect.stringContaining(reason) }),
  );
});

test("an empty or blank file is rejected", () => {
  expect(() => detect("a.txt", "")).toThrow('"a.txt" is empty. Send it again.');
  expect(() => detect("a.txt", " \n\t")).toThrow('"a.txt" contains only spaces.');
});

test("a truncated archive is left to the reader of its extension, and is rejected without one", () => {
  expect(detect("letter.docx", docx.subarray(0, 200))).toBe("docx");
  expect(() => detect("letter", docx.subarray(0, 200))).toThrow('"letter" is a damaged or incomplete archive.');
});
