import fc from "fast-check";
import { expect, test } from "vitest";
import { cutBlocks, read } from "../testing/read.ts";
import { documentOf, expectBlocks } from "../testing/structure.ts";
import { writeMarkdown } from "../testing/write-markdown.ts";
import { definitionsOf, splitMarkdown } from "./split-markdown.ts";

test("the parts of a generated document have the blocks of the whole", async () => {
  await fc.assert(
    fc.asyncProperty(documentOf(["heading", "paragraph", "quote", "list", "table", "code"]), async (pieces) => {
      const source = writeMarkdown(pieces, "").replace(/^---\n.*\n---\n\n/, "");
      const parts = splitMarkdown(source, 1);
      expect(parts.join("")).toBe(source);
      const blocks = [];
      for (const part of parts) blocks.push(...cutBlocks(await read("part.md", part)));
      expect(blocks).toEqual(expectBlocks(pieces));
    }),
    { numRuns: 40 },
  );
});

test("a heading in code or in raw HTML does not start a part", () => {
  const first =
    "a\n\n~~~~md\n# code\n~~~\n# still code\n~~~~\n\n<!--\n\n# comment\n-->\n<pre>\n\n# raw\n</pre>\n\n #tag\n";
  expect(splitMarkdown(`${first}# Head\ntext`, 1)).toEqual([first, "# Head\ntext"]);
});

test("a part has at least its length", () => {
  expect(splitMarkdown("# a\n# b\n# c\n# d", 5)).toEqual(["# a\n# b\n", "# c\n# d"]);
});

test("a link is recognized if its target is in another part", async () => {
  const filler = `${"word ".repeat(60_000)}\n`;
  const { text } = await read("page.md", `[One][a] ${filler}\n# Two\n\n[Two][a]\n\n[a]: http://example.com\n`);
  expect(text.startsWith("One word")).toBe(true);
  expect(text.endsWith("Two\n\nTwo")).toBe(true);
});

test("definitions that are too long are not repeated", () => {
  expect(definitionsOf("[a]: x\ntext\n  [b c]: <y>\n[^note]: z")).toBe("[a]: x\n  [b c]: <y>");
  expect(definitionsOf("[a]: x\n".repeat(10_000))).toBe("");
});
