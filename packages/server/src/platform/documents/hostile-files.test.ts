import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { checkOffsets, read } from "./testing/read.ts";
import { docxParagraph, packDocx, writeDocx } from "./testing/write-docx.ts";
import { writePptx } from "./testing/write-pptx.ts";

const letter = writeDocx([{ kind: "paragraph", text: "Hello" }], "Letter");

test("a truncated Word document is rejected", async () => {
  await expect(read("letter.docx", letter.subarray(0, letter.length - 200))).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching(
      /^"letter.docx" cannot be read. The archive of the document cannot be read: .* Send/,
    ),
  });
});

test("a Word document with a changed byte is rejected", async () => {
  const bytes = packDocx(docxParagraph("Hello ".repeat(50)));
  const at = Buffer.from(bytes).indexOf("word/document.xml") + 40;
  const changed = Uint8Array.from(bytes, (byte, place) => (place === at ? byte ^ 0xff : byte));
  await expect(read("letter.docx", changed)).rejects.toMatchObject({ code: "unprocessable" });
});

test("a zip bomb in a Word document is rejected with its numbers", async () => {
  const bomb = packDocx(docxParagraph("a".repeat(20_000_000)));
  await expect(read("bomb.docx", bomb)).rejects.toMatchObject({
    code: "payload_too_large",
    message: expect.stringMatching(
      /possible zip bomb. "word\/document.xml" of the archive unpacks from \d{5} to 20000\d{3} bytes; at most 100 times/,
    ),
  });
});

test("many entries that are small bombs together are rejected", async () => {
  const parts = Object.fromEntries(
    Array.from({ length: 30 }, (_, place) => [`word/p${place}.xml`, "a".repeat(900_000)]),
  );
  await expect(read("bomb.docx", packDocx("", { parts }))).rejects.toThrow(
    /The archive of \d+ bytes unpacks to 27\d+ bytes; at most 100 times its size is allowed/,
  );
});

test("an archive with too many entries, or too much content, is rejected", async () => {
  const zip = { entries: 5, ratio: 100, totalBytes: 1_000_000_000 };
  await expect(read("letter.docx", letter, { zip })).rejects.toThrow(
    "The archive has 7 entries; at most 5 are allowed.",
  );
  const small = { entries: 100, ratio: 100, totalBytes: 1_000 };
  await expect(read("letter.docx", letter, { zip: small })).rejects.toThrow("The archive unpacks to more than 0 MB.");
});

test("an archive with a link, a path outside of it, or two entries of one name is rejected", async () => {
  const document = { "word/document.xml": strToU8("<x/>") };
  const link = zipSync({ ...document, link: [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
  await expect(read("a.docx", link)).rejects.toThrow('The archive has a link, "link".');
  await expect(read("a.docx", zipSync({ ...document, "../up.xml": strToU8("x") }))).rejects.toThrow("../up.xml");
  await expect(read("a.docx", zipSync({ ...document, "/etc/up.xml": strToU8("x") }))).rejects.toThrow("/etc/up.xml");
  const twice = Buffer.from(zipSync({ ...document, "word/documenu.xml": strToU8("<y/>") }));
  for (let at = twice.indexOf("documenu"); at !== -1; at = twice.indexOf("documenu")) twice.write("document", at);
  await expect(read("a.docx", twice)).rejects.toThrow('two entries with the name "word/document.xml"');
});

test("an external entity is never read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "treadle-entity-"));
  try {
    const file = join(folder, "secret.txt");
    await writeFile(file, "the secret of the server");
    const doctype = `<!DOCTYPE w:document [<!ENTITY secret SYSTEM "${pathToFileURL(file).href}"><!ENTITY inner "inner text">]>`;
    const body = "<w:p><w:r><w:t>Before &secret; &inner; after</w:t></w:r></w:p>";
    const outcomes = await Promise.allSettled([
      read("letter.docx", packDocx(body, { doctype })),
      read(
        "page.xhtml",
        `${doctype.replace("w:document", "html")}<html><body><p>Before &secret; after</p></body></html>`,
      ),
      read("deck.pptx", withDoctype(doctype)),
    ]);
    expect(outcomes.map(shownOf)).toEqual([
      expect.stringContaining('"letter.docx" cannot be read. The Word document is damaged: '),
      "Before &secret; after",
      "Slide 1\n\nBefore &secret;",
    ]);
    for (const outcome of outcomes) expect(shownOf(outcome)).not.toContain("the secret of");
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The text, or the error. */
const shownOf = (outcome: PromiseSettledResult<{ readonly text: string }>): string =>
  outcome.status === "fulfilled" ? outcome.value.text : String(outcome.reason);

/** A presentation whose slide refers to an entity. */
function withDoctype(doctype: string): Uint8Array {
  const deck = writePptx([{ title: "Before", pieces: [{ kind: "paragraph", text: "entity" }] }]);
  const slide = `${doctype}<p:sld xmlns:p="p" xmlns:a="a"><p:sp><a:p><a:r><a:t>Before &secret;</a:t></a:r></a:p></p:sp></p:sld>`;
  return replaceEntry(deck, "ppt/slides/slide1.xml", slide);
}

test("entities that multiply stay small", async () => {
  const levels = Array.from({ length: 12 }, (_, place) => `<!ENTITY l${place + 1} "${`&l${place};`.repeat(10)}">`);
  const doctype = `<!DOCTYPE w:document [<!ENTITY l0 "lol">${levels.join("")}]>`;
  const outcomes = await Promise.allSettled([
    read("laughs.docx", packDocx("<w:p><w:r><w:t>&l12;</w:t></w:r></w:p>", { doctype })),
    read("laughs.pptx", withDoctype(doctype.replace("w:document", "p:sld"))),
  ]);
  for (const outcome of outcomes) expect(shownOf(outcome).length).toBeLessThan(1_000);
});

test("ten thousand nested elements are read, or rejected with the reason", async () => {
  const depth = 10_000;
  const html = `<html><body>${"<div>".repeat(depth)}deep${"</div>".repeat(depth)}<p>after</p></body></html>`;
  const parsed = await read("deep.html", html);
  checkOffsets(parsed);
  expect(parsed.text).toBe("deep\n\nafter");
  const lists = await read("deep.html", `${"<ul><li>".repeat(depth)}deep`);
  expect(lists.text).toBe("- deep");
  const tables = await read("deep.html", `${"<table><tr><td>".repeat(depth)}deep`);
  expect(tables.text).toContain("deep");
  const inline = await read("deep.html", `${"<b>".repeat(depth)}deep`);
  expect(inline.text).toBe("deep");
  const runs = packDocx(`<w:p>${"<w:ins>".repeat(depth)}<w:r><w:t>deep</w:t></w:r>${"</w:ins>".repeat(depth)}</w:p>`);
  await expect(read("deep.docx", runs)).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("nested too deeply"),
  });
  await expect(read("deep.json", `[${'{"a":'.repeat(depth)}1${"}".repeat(depth)}]`)).rejects.toThrow("levels deep");
});

test("a line of 50 MB is one paragraph", async () => {
  const line = "word ".repeat(10_000_000);
  const parsed = await read("line.txt", line);
  expect([parsed.blocks.length, parsed.text.length]).toEqual([1, line.length - 1]);
});

test("a text that is longer than the limit is rejected", async () => {
  await expect(read("long.txt", "word ".repeat(1_000), { textChars: 1_000 })).rejects.toMatchObject({
    code: "payload_too_large",
    message: '"long.txt" cannot be read. The text of the document is longer than 1000 characters. Split the document.',
  });
});

test.each([
  ["page.html", `<table><tr>${'<th colspan="1000">a</th>'.repeat(50)}</tr></table>`],
  ["list.csv", `${"a,".repeat(100)}\n`.repeat(50)],
  [
    "list.json",
    JSON.stringify(
      Array.from({ length: 50 }, () => Object.fromEntries(Array.from({ length: 50 }, (_, key) => [key, 1]))),
    ),
  ],
])("%s with more cells than the limit is rejected", async (name, content) => {
  await expect(read(name, content, { cells: 1_000 })).rejects.toMatchObject({
    code: "payload_too_large",
    message: expect.stringContaining("more than 1000 cells"),
  });
});

function replaceEntry(archive: Uint8Array, path: string, text: string): Uint8Array {
  return zipSync({ ...unzipSync(archive), [path]: strToU8(text) });
}
