import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endOfSearch, furnishOptimisation } from "../../setup/furnish-optimisation.ts";
import { type RewritingProvider, startRewritingProvider } from "../../setup/rewriting-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("searches for better prompts", () => {
  let visitor: Visitor;
  let provider: RewritingProvider;
  let client: ReturnType<typeof createClient>;
  let finished: string;
  let order: Awaited<ReturnType<typeof furnishOptimisation>>;
  beforeAll(async () => {
    provider = await startRewritingProvider();
    visitor = await startVisitor();
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    order = await furnishOptimisation(client, provider);
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });

  test("before the first search, the list says what one takes and leads to the form", LONG, async () => {
    const page = await open("/optimisations");
    await page.getByRole("heading", { name: "No optimisations yet" }).waitFor();
    await page.getByText(/^npx treadle optimize/).waitFor();
    await page.locator("body").click({ position: { x: 700, y: 5 } });
    await page.keyboard.press("n");
    await page.getByRole("heading", { level: 1, name: "New optimisation" }).waitFor();
    await page.getByText(/^The estimate appears when the form is complete/).waitFor();
    await page.getByRole("button", { name: "Start optimisation" }).click();
    await page.getByText("Choose a prompt.").waitFor();
    await page.getByText("Choose a dataset.").waitFor();
    expect(new URL(page.url()).pathname).toBe("/optimisations/new");
  });

  test(
    "a search is started from the prompt, estimated, followed to its verdict, and leads to its version and back",
    LONG,
    async () => {
      const page = await open("/prompts/support%2Fshout");
      await page.getByRole("button", { name: "Actions for support/shout" }).click();
      await page.getByRole("menuitem", { name: "Optimise…" }).click();
      await page.getByRole("heading", { level: 1, name: "New optimisation" }).waitFor();
      await expect
        .poll(() => page.getByRole("combobox", { name: "Prompt", exact: true }).inputValue())
        .toBe("support/shout");
      await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "loud-answers (150)" });
      await page.getByLabel("Feedback", { exact: true }).fill("30");
      await page.getByLabel("Selection", { exact: true }).fill("30");
      await page.getByLabel("Test", { exact: true }).fill("60");
      await page.getByRole("combobox", { name: /^Rewriting model/ }).fill("rewriting/reflector");
      await page.getByRole("button", { name: "Add scorer" }).click();
      await page.getByLabel("Search scorers").fill("exact");
      await page.keyboard.press("Enter");
      const takes = page.getByRole("region", { name: "Maximum cost" });
      // 300 answers of the search, plus two for each test item.
      await takes.getByText(/^4[0-2]\d$/).waitFor(WORK);
      await page.getByRole("button", { name: "Start optimisation" }).click();
      await page.getByRole("heading", { level: 1, name: "Optimise support/shout" }).waitFor(WORK);
      finished = new URL(page.url()).pathname.split("/").at(-1) ?? "";
      const test = page.getByRole("region", { name: "Final test" });
      await test.getByText("better", { exact: true }).waitFor(WORK);
      await test
        .locator("span")
        .filter({ hasText: /^\+\d+\.\d pp \[/ })
        .last()
        .waitFor();
      await test.getByText(/McNemar, exact/).waitFor();
      await page.getByRole("region", { name: "Learning curve" }).getByRole("img").waitFor();
      await page.getByRole("region", { name: "Score and cost" }).getByRole("img").waitFor();

      await page.getByRole("tab", { name: /^Candidates/ }).click();
      const tree = page.getByRole("navigation", { name: "Candidates" });
      expect(await tree.getByRole("link").count()).toBeGreaterThan(2);
      await tree.getByRole("link").nth(1).click();
      await page.getByText("Rewriting model's response").waitFor();
      await page
        .getByRole("list", { name: "Changed fields" })
        .getByText(/CAPITALS/)
        .waitFor();
      await tree.getByRole("link").first().click();
      await page.getByRole("region", { name: "First prompt" }).waitFor();

      await page.getByRole("tab", { name: "Items" }).click();
      await page.getByRole("table", { name: "Lost items" }).getByRole("row").nth(1).waitFor();
      await page.getByRole("button", { name: /^Won/ }).click();
      await page.getByRole("table", { name: "Won items" }).getByRole("row").nth(1).waitFor();

      await page.getByRole("tab", { name: "Result" }).click();
      await test.getByRole("link", { name: "Open version 2" }).click();
      await page.getByRole("heading", { level: 1, name: "support/shout" }).waitFor();
      await page.getByRole("link", { name: /^Optimise support\/shout, candidate \d+$/ }).click();
      await page.getByRole("heading", { level: 1, name: "Optimise support/shout" }).waitFor();
      expect(new URL(page.url()).searchParams.get("tab")).toBe("candidates");
    },
  );

  test("a running search is canceled and continued, and another candidate is saved by hand", LONG, async () => {
    const slow = await startRewritingProvider({ waitMs: 60 });
    try {
      await client.call("POST /api/v1/connections", {
        body: {
          slug: "slow",
          preset: "vllm",
          baseUrl: slow.baseUrl,
          models: ["writer", "reflector"],
          keys: [{ value: "sk-b" }],
        },
      });
      const body = {
        ...order,
        name: "Slowly",
        model: "slow/writer",
        reflectionModel: "slow/reflector",
        concurrency: 2,
      };
      const { optimisationId } = await client.call("POST /api/v1/optimisations", { body });
      const page = await open(`/optimisations/${optimisationId}`);
      await page.getByRole("progressbar").waitFor(WORK);
      await page.getByRole("button", { name: /^Cancel/ }).click();
      const outcome = page.getByRole("status").filter({ hasText: "It was canceled." });
      await outcome.waitFor(WORK);
      await outcome.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("region", { name: "Final test" }).waitFor(LONG);
      await endOfSearch(client, optimisationId);
      await page.goto(`${page.url().split("?")[0]}?project=${visitor.projects.own}&tab=candidates&candidate=1`);
      await page.getByRole("button", { name: "Save as version" }).click();
      await page.getByRole("link", { name: /^Open version \d+$/ }).waitFor(WORK);
    } finally {
      await slow.close();
    }
  });

  test("the list finds a search by a word and by where it stands, and the palette leads to it", LONG, async () => {
    const page = await open("/optimisations");
    const table = page.getByRole("table", { name: "Optimisations" });
    await expect.poll(() => table.getByRole("row").count(), WORK).toBe(3);
    await page.getByLabel("Search optimisations").fill("slow");
    await expect.poll(() => table.getByRole("row").count(), WORK).toBe(2);
    await page.getByLabel("Status").selectOption("failed");
    await page.getByRole("button", { name: "Show all optimisations" }).click();
    await expect.poll(() => table.getByRole("row").count(), WORK).toBe(3);
    await page.goto(`${visitor.treadle.url}/prompts?project=${visitor.projects.own}`);
    await page.getByRole("heading", { level: 1, name: "Prompts" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search pages and actions" }).fill("optimisations");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Optimisations" }).waitFor();
  });

  test.each([
    "/optimisations",
    "/optimisations/new",
    "/optimisations/:finished",
    "/optimisations/:finished?tab=candidates",
    "/optimisations/:finished?tab=items",
  ])("axe finds nothing serious on %s, and it fits on a phone", LONG, async (path) => {
    const page = await open(path.replace(":finished", finished));
    await page.locator("h1").waitFor();
    await expect.poll(() => page.locator("[aria-busy=true]").count(), { timeout: 15_000 }).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    await expect.poll(() => page.evaluate(over), { timeout: 15_000 }).toBe(0);
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
