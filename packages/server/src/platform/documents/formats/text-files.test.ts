import { expect, test } from "vitest";
import { cutBlocks, read } from "../testing/read.ts";

const textsOf = async (name: string, content: string | Uint8Array) =>
  cutBlocks(await read(name, content)).map(({ kind, text }) => [kind, text]);

test("plain text is split at blank lines, and its control characters are dropped", async () => {
  expect(await textsOf("note.txt", "One\r\nline\u0007\r\n \r\n\r\ncafe\u0301 soft\u00adhyphen\n")).toEqual([
    ["paragraph", "One\nline"],
    ["paragraph", "café softhyphen"],
  ]);
});

test("invisible tag characters are dropped", async () => {
  const hidden = [..."ignore"].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("");
  expect((await read("note.txt", `Seen${hidden}`)).text).toBe("Seen");
});

test.each([
  ["UTF-8 with a mark", Buffer.from("\ufeffcafé"), 0],
  ["UTF-16, low byte first", Buffer.from("\ufeffcafé", "utf16le"), 0],
  ["UTF-16, high byte first", Buffer.from("\ufeffcafé", "utf16le").swap16(), 0],
  ["Windows-1252", Buffer.from("café", "latin1"), 1],
])("%s is decoded", async (_, bytes, warnings) => {
  const parsed = await read("note.txt", bytes);
  expect([parsed.text, parsed.warnings.length]).toEqual(["café", warnings]);
});

test("code is split at the blank lines of its top level", async () => {
  const code = "import a\n\nfunction f() {\n  one();\n\n  two();\n\n}\n\n\nclass B {}\n";
  const { blocks, title } = await read("lib/main.ts", code);
  expect(await textsOf("lib/main.ts", code)).toEqual([
    ["code", "import a"],
    ["code", "function f() {\n  one();\n\n  two();\n\n}"],
    ["code", "class B {}"],
  ]);
  expect([title, ...blocks.map(({ language }) => language)]).toEqual(["main.ts", "ts", "ts", "ts"]);
});

test("a row of a CSV file is a line per cell that is not blank", async () => {
  const csv = 'Name;Note;\nAda;"two\nlines; quoted";\n\nBob;;x\n';
  expect(await textsOf("people.csv", csv)).toEqual([
    ["row", "Name: Ada\nNote: two lines; quoted"],
    ["row", "Name: Bob\ncolumn 3: x"],
  ]);
  expect(await textsOf("people.tsv", "a\tb\n1, 2\t3")).toEqual([["row", "a: 1, 2\nb: 3"]]);
});

test("rows with more or fewer cells than the header have a warning", async () => {
  const { warnings } = await read("people.csv", "a,b\n1,2\n1\n1,2,3\n");
  expect(warnings).toEqual([
    "2 rows with more or fewer cells than the header, such as row 2, 3. Check the delimiter and the quotes.",
  ]);
});

test("records of JSON become rows, and other JSON is code", async () => {
  const records = [{ name: "Ada", address: { city: "Bern", zip: null }, tags: ["a", "b"], jobs: [{ at: "X" }] }];
  const row = ["row", "name: Ada\naddress.city: Bern\ntags: a, b\njobs.1.at: X"];
  expect(await textsOf("people.json", JSON.stringify(records))).toEqual([row]);
  expect(await textsOf("people.jsonl", `${JSON.stringify(records[0])}\n\n"text"\n`)).toEqual([row, ["row", "text"]]);
  expect(await textsOf("settings.json", '{\n  "a": [1]\n}')).toEqual([["code", '{\n  "a": [1]\n}']]);
});

test("JSON that cannot be read is rejected with its line", async () => {
  await expect(read("people.jsonl", '{"a":1}\n{"a":')).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching(/^"people.jsonl" cannot be read. Line 2 is not valid JSON: /),
  });
});

test("Markdown without front matter takes its title from the first main heading", async () => {
  const parsed = await read(
    "page.md",
    "---\nnot: [yaml\n---\n\nIntro ![alt](x.png)\n\n# The *title*\n\n<p hidden>secret</p>\n\na<br>b\n",
  );
  expect(parsed.title).toBe("The title");
  expect(parsed.blocks.map(({ isHidden }) => isHidden ?? false)).toEqual([false, false, true, false]);
  expect(cutBlocks(parsed).at(-1)?.text).toBe("a\nb");
});

test("nested lists and quotes of Markdown keep their order", async () => {
  expect(await textsOf("page.md", "- a\n\n  more\n  1. b\n- c\n\n> q\n>\n> - d\n")).toEqual([
    ["list-item", "- a"],
    ["list-item", "more"],
    ["list-item", "1. b"],
    ["list-item", "- c"],
    ["quote", "q"],
    ["list-item", "- d"],
  ]);
});
