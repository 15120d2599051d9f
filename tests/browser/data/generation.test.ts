import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

/** A job starts immediately, but takes time on a busy machine. */
const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

/** The button of the form. Every dataset page also has a link of this name in its header. */
const generateIn = (page: Page) => page.getByRole("button", { name: "Generate", exact: true }).last();

describe.runIf(hasChromium)("generating items", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let datasetId: string;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    const { url: baseUrl, apiKey } = visitor.treadle;
    const { call } = createClient({ baseUrl, apiKey });
    await call("POST /api/v1/connections", {
      body: {
        slug: "scripted",
        preset: "vllm",
        baseUrl: provider.baseUrl,
        maxRetries: 0,
        models: ["writer-1", "judge-1", "echo-1"],
        keys: [{ value: "sk-of-the-test" }],
      },
    });
    ({ datasetId } = await call("POST /api/v1/datasets", { body: { name: "weaving" } }));
    const items = ["Who weaves?", "What is a loom?", "Where is the yarn?"].map((question) => ({
      inputs: { question },
      expected: "Somebody knows.",
    }));
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  });
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (width = 1440) =>
    visitor.open({ width, path: `/datasets/${datasetId}/generate?project=${visitor.projects.own}` });

  test("missing or invalid values are shown at their fields, and no call is made", LONG, async () => {
    const page = await open();
    const requestCount = provider.seen.length;
    await generateIn(page).click();
    await page.getByText("The model must not be empty.").waitFor();
    expect(await page.getByLabel("Model", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await expect
      .poll(() => page.getByLabel("Model", { exact: true }).evaluate((field) => field.matches(":focus")))
      .toBe(true);
    await page.getByLabel("Model", { exact: true }).fill("scripted/writer-1");
    await expect.poll(() => page.getByText("The model must not be empty.").count()).toBe(0);

    await page.getByLabel("Items", { exact: true }).fill("20000");
    await page.getByText("Items must be at most 10000.").waitFor();
    await page.getByRole("button", { name: "Preference pairs" }).click();
    await page.getByText("The judge must not be empty, because it decides which answer is better.").waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("button", { name: "New items" }).click();
    await page.getByLabel("Items", { exact: true }).fill("12");
    expect(await page.locator("[aria-invalid]").count()).toBe(0);
    expect(provider.seen.length).toBe(requestCount);

    // Only the server can find this error, so the page shows the server's message.
    await page.getByLabel("Model", { exact: true }).fill("nobody/nothing");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("alert").filter({ hasText: "nobody/nothing" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
  });

  test("a few are tried, then a job makes all, and the draft has them with where they come from", LONG, async () => {
    const page = await open();
    await page.getByLabel("Model", { exact: true }).fill("scripted/writer-1");
    await page.getByLabel("Items", { exact: true }).fill("12");
    await page.reload();
    // The form retains its values.
    await expect.poll(() => page.getByLabel("Items", { exact: true }).inputValue()).toBe("12");
    await page.getByLabel(/^Judge/).fill("scripted/judge-1");
    await page.getByLabel(/^Instructions/).fill("All about looms.");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("heading", { name: /^15 samples generated, 12 kept$/ }).waitFor(WORK);
    await page.getByText("Kept · 9 of 10 · clear").first().waitFor();
    await page.getByText("Dropped: score too low · 3 of 10 · dull").first().waitFor();
    await page.getByText(/^At this rate, 12 items need about/).waitFor();
    expect(JSON.stringify(provider.seen.map(({ body }) => body.messages))).toContain("All about looms.");
    expect(await seriousIn(page)).toEqual([]);

    // The page warns that the preview belongs to other settings.
    await page.getByLabel("Minimum score").fill("8");
    await page.getByText("The form has changed since this preview.").waitFor();

    await generateIn(page).click();
    await page.getByRole("heading", { name: "12 items added" }).waitFor(WORK);
    await page.getByText("All 12 were made.").waitFor();
    await page.getByRole("heading", { name: "Dropped items" }).waitFor();
    await page.getByText("score too low").waitFor();
    // The address contains the job, so the page is the same after a reload and for other users.
    await page.reload();
    await page.getByRole("heading", { name: "12 items added" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);

    await page.getByRole("link", { name: "View items" }).click();
    const table = page.getByRole("grid", { name: "Items" });
    await page.getByText("15 items", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Draft steps/ }).click();
    await page
      .getByRole("dialog")
      .getByText(/Generated new items like the existing items with scripted\/writer-1: 12 added/)
      .waitFor();
    await page.keyboard.press("Escape");
    await table
      .getByText(/goes to weaver/)
      .first()
      .click();
    const sheet = page.getByRole("complementary", { name: "Open item" });
    await sheet.getByText("generated by scripted/writer-1").waitFor();
  });

  test("work that runs shows how far it is, and can be cancelled", LONG, async () => {
    const page = await open();
    await page.getByLabel("Model", { exact: true }).fill("scripted/writer-1");
    await page.getByLabel("Items", { exact: true }).fill("10000");
    await generateIn(page).click();
    await page
      .getByText(/\d+ calls, \d+ tokens/)
      .last()
      .waitFor(WORK);
    await page.getByText("The job continues if you close this page.").waitFor();
    await page
      .getByRole("button", { name: /^Cancel Generate 10000/ })
      .last()
      .click();
    await page.getByText("Generated items are stored for 30 days").waitFor(WORK);
    await page.getByRole("button", { name: "Change settings" }).click();
    await page.getByRole("heading", { name: "What to generate" }).waitFor();
  });

  test("the page is for a phone too", LONG, async () => {
    const page = await open(390);
    await page.getByRole("button", { name: "Preference pairs" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
    expect(await seriousIn(page)).toEqual([]);
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
