import { expect, it } from "vitest";
import { readOptions } from "./chunk.ts";
import { cutChunks } from "./cut-chunks.ts";
import type { Block, ParsedText } from "./parsed-text.ts";
import { createPrefix } from "./prefix.ts";
import { countWords, parsedOf, sentences, testOptions } from "./testing/parsed.ts";

/** A document whose blocks are given by their texts, which the canonical text holds in this order. */
function documentOf(text: string, blocks: readonly (Omit<Block, "start" | "end"> & { text: string })[]): ParsedText {
  let place = 0;
  const placed = blocks.map(({ text: own, ...block }) => {
    const start = text.indexOf(own, place);
    if (start < 0) throw new Error(`not in the text: ${own}`);
    place = start + own.length;
    return { ...block, start, end: place };
  });
  return { text, blocks: placed, pages: [], boxes: [], title: null, warnings: [] };
}
const cut = (parsed: ParsedText, targetTokens = 400) =>
  cutChunks(parsed, testOptions({ targetTokens, overlapShare: 0 })).map(({ start, end, headingPath }) => ({
    path: headingPath.join(" > "),
    text: parsed.text.slice(start, end),
  }));

it("cuts a Markdown document at its headings together with lists and code", () => {
  const text = [
    "# Install",
    "Run the program:",
    "```sh\nnpm start\n```",
    "- It opens port 4000.\n- It stores data in `data/`.",
    "## Update",
    "Pull, then start again.",
  ].join("\n\n");
  const parsed = documentOf(text, [
    { kind: "heading", level: 1, text: "# Install" },
    { kind: "paragraph", text: "Run the program:" },
    { kind: "code", language: "sh", text: "```sh\nnpm start\n```" },
    { kind: "list-item", text: "- It opens port 4000." },
    { kind: "list-item", text: "- It stores data in `data/`." },
    { kind: "heading", level: 2, text: "## Update" },
    { kind: "paragraph", text: "Pull, then start again." },
  ]);
  expect(cut(parsed)).toEqual([
    { path: "Install", text: text.slice(0, text.indexOf("\n\n## Update")) },
    { path: "Install > Update", text: "## Update\n\nPull, then start again." },
  ]);
});

it("leaves the hidden parts of a page of HTML out", () => {
  const parsed = parsedOf([
    { kind: "list-item", text: "Home", isHidden: true },
    { kind: "heading", level: 1, text: "Prices" },
    { kind: "paragraph", text: "All prices are per month." },
    { kind: "paragraph", text: "White text on white.", isHidden: true },
    { kind: "quote", text: "“Cheap.”" },
  ]);
  expect(cut(parsed)).toEqual([
    { path: "Prices", text: "Prices\n\nAll prices are per month." },
    { path: "Prices", text: "“Cheap.”" },
  ]);
});

it("cuts the wrapped lines of a PDF between sentences, across pages", () => {
  const wrapped = sentences(12).replaceAll(" the ", " the\n");
  const parsed = parsedOf([
    { kind: "paragraph", text: wrapped, page: 1 },
    { kind: "paragraph", text: wrapped, page: 2 },
  ]);
  const chunks = cutChunks(parsed, testOptions({ targetTokens: 50, overlapShare: 0 }));
  expect(chunks.length).toBeGreaterThan(4);
  for (const { start, end, tokens } of chunks) {
    expect(parsed.text.slice(start, end)).toMatch(/^Sentence [\s\S]*more\.$/);
    expect(tokens).toBeLessThanOrEqual(58);
  }
  expect([chunks[0]?.page, chunks.at(-1)?.page]).toEqual([1, 2]);
});

it("shortens a long prefix from its highest headings on", () => {
  const options = readOptions(testOptions({ maxTokens: 40 }));
  const prefixOf = createPrefix("Guide", options);
  expect(prefixOf(["One", "Two"])).toBe("Guide › One › Two");
  expect(prefixOf(["a b c d e f g h", "Two"])).toBe("Guide › Two");
  expect(prefixOf(["One", "a b c d e f g h i"])).toBe("a b c d e f g h i");
  expect(prefixOf(["a b c d e f g h i j k"])).toBe("Guide");
  expect(countWords(createPrefix("x ".repeat(20), options)([]))).toBe(0);
});
