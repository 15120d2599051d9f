import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

const QUESTIONS = [
  "I would like my money back, the shoes do not fit",
  "How tall is the Eiffel Tower?",
  "Which trains go from Berlin to Munich tomorrow morning?",
];
/** The embedding model is loaded by the first search. */
const LOAD_MS = 60_000;

describe.runIf(hasChromium)("finding by meaning", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
    for (const question of QUESTIONS) {
      const input = [{ role: "user", parts: [{ type: "text", content: question }] }];
      await recordSpan(visitor.treadle, { name: "question", input, output: null, userId: "ana" });
    }
    const client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    await vi.waitFor(
      async () => expect((await client.call("GET /api/v1/spans")).items).toHaveLength(QUESTIONS.length),
      { timeout: 20_000, interval: 200 },
    );
  });
  afterAll(() => visitor?.close());
  const own = (path: string) => `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}`;
  const searchOf = (page: Page) => new URL(page.url()).searchParams;
  const line = (page: Page) => page.getByRole("textbox", { name: "Search by meaning" });
  const rows = (page: Page) => page.getByRole("grid", { name: "Similar spans" }).getByRole("row");
  const firstRow = (page: Page, text: string) =>
    rows(page).nth(1).filter({ hasText: text }).waitFor({ timeout: LOAD_MS });

  test("a sentence finds what has no word in common with it, and a key opens its trace", async () => {
    const page = await visitor.open({ path: own("/traces") });
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "By meaning", exact: true }).click();
    await page.keyboard.type("refund for clothes");
    await page.keyboard.press("Enter");
    await firstRow(page, "money back");
    await page.getByText("Compared all 3 spans in this time range.").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("complementary", { name: "Open trace" });
    await sheet.getByText("the shoes do not fit").first().waitFor();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await rows(page).nth(2).click();
    await sheet.waitFor();
  });

  test("the address holds the search, together with the filter", async () => {
    const page = await visitor.open({
      path: own("/traces?view=spans&filter=user:ana&meaning=public+transport+in+Germany"),
    });
    await firstRow(page, "Munich");
    expect(await line(page).inputValue()).toBe("public transport in Germany");
    await page.getByRole("button", { name: "Clear filter" }).click();
    await expect.poll(() => searchOf(page).get("filter")).toBeNull();
    await page.getByRole("heading", { name: "Traces", exact: true }).click();
    await page.keyboard.press("m");
    await page.keyboard.type("famous monuments");
    await page.getByRole("search").getByRole("button", { name: "Search", exact: true }).click();
    await firstRow(page, "Eiffel");
    await page.goBack();
    await firstRow(page, "Munich");
    await page.getByRole("button", { name: "By meaning", exact: true }).click();
    await page.getByRole("grid", { name: "Spans", exact: true }).waitFor();
    expect(searchOf(page).get("meaning")).toBeNull();
  });

  test("a span leads to those like it, itself first", async () => {
    const page = await visitor.open({ path: own("/traces?view=spans") });
    await page.getByRole("row").filter({ hasText: "Eiffel" }).click();
    await page.getByRole("button", { name: "Actions for this span" }).click();
    await page.getByRole("menuitem", { name: "Find similar spans" }).click();
    await firstRow(page, "Eiffel");
    await rows(page).nth(1).filter({ hasText: "1.00" }).waitFor();
    expect(searchOf(page).get("meaning")).toBe("How tall is the Eiffel Tower?");
  });

  test("a part is called one and gone on with; what matches no filter says so", async () => {
    const page = await visitor.open({ path: own("/traces?view=spans") });
    await page.route("**/api/v1/spans/similar", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), comparedSpans: 2, isPartial: true } });
    });
    await page.getByRole("button", { name: "By meaning", exact: true }).click();
    await line(page).fill("trains");
    await page.keyboard.press("Enter");
    await page.getByText("Compared 2 of the newest 3 spans before the time limit.").waitFor({ timeout: LOAD_MS });
    await page.unroute("**/api/v1/spans/similar");
    await page.getByRole("button", { name: "Continue comparing" }).click();
    await page.getByText("Compared all 3 spans in this time range.").waitFor();
    await page.goto(visitor.treadle.url + own("/traces?view=spans&meaning=trains&filter=user:nobody"));
    await page.getByRole("heading", { name: "No spans to compare" }).waitFor();
  });

  test("a model that is not there is named, and the search comes back once it is", async () => {
    const page = await visitor.open({ path: own("/traces?view=spans") });
    const message = "The local model stopped 3 times in a row. The next start is attempted in 4 s.";
    await page.route("**/api/v1/spans/similar", (route) =>
      route.fulfill({ status: 500, json: { error: { code: "model_failed", message } } }),
    );
    await page.getByRole("button", { name: "By meaning", exact: true }).click();
    await line(page).fill("shoes");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert").filter({ hasText: message });
    await alert.getByRole("link", { name: "Local models" }).waitFor();
    await page.unroute("**/api/v1/spans/similar");
    await alert.getByRole("button", { name: "Retry" }).click();
    await firstRow(page, "shoes");
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
