import { expect, test } from "vitest";
import { cutBlocks, read } from "../testing/read.ts";

const HEADERS =
  "From: Ada <ada@example.com>\r\nTo: bob@example.com, Team: c@example.com;\r\nDate: Mon, 02 Nov 2026 10:00:00 +0100\r\n";
const textsOf = async (body: string) =>
  cutBlocks(await read("mail.eml", `${HEADERS}Subject: Hi\r\n\r\n${body}`))
    .slice(2)
    .map(({ text }) => text);

test("a message has its subject as the title, and a paragraph of its header", async () => {
  const parsed = await read("mail.eml", `${HEADERS}Subject: =?utf-8?q?Caf=C3=A9?=\r\n\r\nHello\r\n`);
  expect(parsed.title).toBe("Café");
  expect(cutBlocks(parsed)).toEqual([
    { kind: "heading", level: 1, text: "Café" },
    {
      kind: "paragraph",
      text: "From: Ada <ada@example.com>\nTo: bob@example.com, Team\nDate: 2026-11-02T09:00:00.000Z",
    },
    { kind: "paragraph", text: "Hello" },
  ]);
});

test.each([
  ["On Mon, Nov 2, 2026 at 10:00, Bob <bob@example.com>\r\nwrote:", "> the question\r\n> more"],
  ["Am 02.11.2026 um 10:00 schrieb Bob:", "> die Frage"],
  ["Le lun. 2 nov. 2026 à 10:00, Bob a écrit :", "> la question"],
  ["El lun, 2 nov 2026, Bob escribió:", "> la pregunta"],
  ["-----Original Message-----", "From: Bob\r\n\r\nthe question"],
])("the quoted message after %j is left out", async (introduction, quoted) => {
  expect(await textsOf(`The answer.\r\n\r\n${introduction}\r\n${quoted}\r\n`)).toEqual(["The answer."]);
});

test("answers between quoted lines are read, and a message that only quotes remains", async () => {
  expect(await textsOf("> first?\r\nYes.\r\n\r\n> second?\r\nNo.\r\n")).toEqual(["Yes.", "No."]);
  expect(await textsOf("> only this\r\n")).toEqual(["> only this"]);
});

test("a sentence that looks like an introduction within a text is not cut", async () => {
  expect(await textsOf("On Monday Bob wrote: a letter.\r\n\r\nIt was long.\r\n")).toEqual([
    "On Monday Bob wrote: a letter.",
    "It was long.",
  ]);
});

test("attachments are named in a warning, and not read", async () => {
  const mail = [
    `${HEADERS}Subject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b`,
    "",
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>See <b>the</b> file</p><p style='display:none'>secret</p>",
    '--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="offer.pdf"\r\n\r\n%PDF-',
    "--b--",
  ].join("\r\n");
  const parsed = await read("mail.eml", mail);
  expect(parsed.warnings).toEqual(['Attachments were not read: "offer.pdf". Add them as separate documents.']);
  expect(cutBlocks(parsed).at(2)?.text).toBe("See the file");
  expect(parsed.blocks.at(-1)?.isHidden).toBe(true);
});
