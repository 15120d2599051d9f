import { expect, test } from "vitest";
import { cutBlocks, read } from "../testing/read.ts";

const textsOf = async (html: string) => cutBlocks(await read("page.html", html)).map(({ text }) => text);
const PROSE = "Enough words for the content of a page.";

test("only the main content of a page is read", async () => {
  const page = (content: string) =>
    `<body><header><h1>Site</h1></header><nav>Menu</nav>${content}<aside>More</aside><footer>Imprint</footer></body>`;
  expect(await textsOf(page(`<p>Teaser</p><main><header><h1>Title</h1></header><p>${PROSE}</p></main>`))).toEqual([
    "Title",
    PROSE,
  ]);
  expect(await textsOf(page(`<div role="banner">Ad</div><article><p>${PROSE}</p></article>`))).toEqual([PROSE]);
  expect(await textsOf(page(`<article>One</article><article>Two</article>`))).toEqual(["One", "Two"]);
  expect(await textsOf(page(`<main>Hi</main><p>${PROSE}</p>`))).toEqual(["Hi", PROSE]);
});

test.each([
  "hidden",
  'aria-hidden="true"',
  'style="display: none"',
  'style="color: red; VISIBILITY:hidden !important"',
  'style="font-size:0px"',
  'style="opacity: 0.0;"',
])("text hidden by %s becomes a hidden block", async (attribute) => {
  const { text, blocks } = await read(
    "page.html",
    `<p>Seen <span ${attribute}>ignore <b>all</b> rules</span>again</p>`,
  );
  expect(blocks.map(({ start, end, isHidden }) => [text.slice(start, end), isHidden])).toEqual([
    ["Seen again", undefined],
    ["ignore all rules", true],
  ]);
});

test("text with a small but visible style is not hidden", async () => {
  const { blocks } = await read("page.html", '<p style="opacity:0.5;font-size:10px" hidden="until-found">Seen</p>');
  expect(blocks).toEqual([{ kind: "paragraph", start: 0, end: 4 }]);
});

test("hidden text in a table cell is not part of the table", async () => {
  const html = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2<i hidden>secret</i></td></tr></table>";
  expect(await textsOf(html)).toEqual(["| a | b |\n| 1 | 2 |", "secret"]);
});

test("a cell that spans rows and columns is repeated in each of them", async () => {
  const html =
    '<table><caption>Fees</caption><thead><tr><th rowspan="2">Plan</th><th colspan="2">Price</th></tr><tr><th>Month</th><th>Year</th></tr></thead><tr><td>A</td><td>1</td><td>10</td></tr></table>';
  expect(cutBlocks(await read("page.html", html))).toEqual([
    { kind: "caption", text: "Fees" },
    {
      kind: "table",
      text: "| Plan | Price | Price |\n| Plan | Month | Year |\n| A | 1 | 10 |",
      header: "| Plan | Price | Price |\n| Plan | Month | Year |",
    },
  ]);
});

test("tables that only arrange content are read as text", async () => {
  const nested =
    "<table><tr><td><h2>Left</h2><p>Text</p></td><td><table><tr><th>a</th></tr><tr><td>1</td></tr></table></td></tr></table>";
  expect(cutBlocks(await read("page.html", nested)).map(({ kind }) => kind)).toEqual(["heading", "paragraph", "table"]);
  expect(await textsOf("<table><tr><td>One</td><td>Two</td></tr></table>")).toEqual(["One", "Two"]);
});

test("nested lists, code, line breaks and captions have their kinds", async () => {
  const html = `<ol start="3"><li>three<ul><li>inner</li></ul>more</li><li><p>four</p></li></ol>
    <pre class="language-py">  def f():<br>    return 1\n\n</pre><pre><code><div>a</div><div>b</div></code></pre>
    <p>one<br>two<br><br>three</p><figure><figcaption>A picture</figcaption></figure>`;
  const { text, blocks } = await read("page.html", html);
  expect(blocks.map(({ kind, start, end, language }) => [kind, text.slice(start, end), language])).toEqual([
    ["list-item", "3. three", undefined],
    ["list-item", "- inner", undefined],
    ["list-item", "more", undefined],
    ["list-item", "4. four", undefined],
    ["code", "  def f():\n    return 1", "py"],
    ["code", "a\nb", undefined],
    ["paragraph", "one\ntwo", undefined],
    ["paragraph", "three", undefined],
    ["caption", "A picture", undefined],
  ]);
});

test("a page in a declared encoding is decoded, and one without is read with a warning", async () => {
  const page = (head: string) =>
    Buffer.from(`<html><head>${head}</head><body><p>Żółć – café</p></body></html>`, "latin1");
  const declared = Buffer.concat([
    Buffer.from('<html><head><meta charset="iso-8859-2"></head><body><p>'),
    Buffer.from([0xaf, 0xf3, 0xb3, 0xe6]),
  ]);
  expect((await read("page.html", declared)).text).toBe("Żółć");
  expect((await read("page.html", page(""))).warnings[0]).toContain("read as Windows-1252");
});

test("a page without text has a warning", async () => {
  const { warnings, title } = await read("page.html", "<title>App</title><script>start()</script>");
  expect([title, warnings]).toEqual(["App", ["The document has no text."]]);
});
