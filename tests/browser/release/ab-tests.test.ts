import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAskAll, type Shop, startShop } from "../../setup/scripted-shop.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const USERS = 260;

describe.runIf(hasChromium)("A/B tests", () => {
  let visitor: Visitor;
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    await call("POST /api/v1/connections", {
      body: { slug: "shop", preset: "vllm", baseUrl: shop.url, models: ["some"], keys: [{ value: "sk-a" }] },
    });
    for (const [model, price] of [
      ["dear", 20],
      ["cheap", 10],
    ] as const) {
      const body = { provider: "*", model, inputUsdPerMillion: price, outputUsdPerMillion: price };
      await call("POST /api/v1/model-prices", { body });
    }
    const variants = [
      { name: "current", model: "shop/dear", weight: 1 },
      { name: "cheaper", model: "shop/cheap", weight: 0 },
    ];
    await call("POST /api/v1/endpoints", { body: { name: "support", variants } });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    shop?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  test("a test is drafted, started, read on a phone, and its winner picked", LONG, async () => {
    const page = await open("/ab-tests");
    await page.getByText("No A/B tests yet").waitFor(WORK);
    await page.getByRole("link", { name: "New A/B test" }).click();
    await page.getByLabel("Name").fill("Cheaper model");
    // Without earlier requests, the latency has no budget.
    await page.getByRole("button", { name: "Remove metric 2" }).click();
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("heading", { name: "Cheaper model" }).waitFor(WORK);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText("● running").waitFor(WORK);
    await createAskAll(visitor.treadle)("support", USERS);
    await page.getByText("● Better").waitFor({ timeout: 120_000 });
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fits(page)).toBe(true);
    await page.getByRole("button", { name: "Show segments" }).click();
    await page.getByText("No counted request has such a value.").waitFor(WORK);
    await page.getByRole("button", { name: "Pick winner" }).click();
    await page.getByLabel("Winner", { exact: true }).selectOption("cheaper");
    await page.getByRole("dialog").getByRole("button", { name: "Pick winner" }).click();
    await page.getByText("cheaper won and has the weight of all variants of the test.").waitFor(WORK);
    expect(await fits(page)).toBe(true);
  });

  test(
    "adaptive shares are chosen in the form, and the page shows the holdout and the shares over time",
    LONG,
    async () => {
      const page = await open("/ab-tests/new");
      await page.getByLabel("Name").fill("Adaptive test");
      await page.getByRole("button", { name: "Remove metric 2" }).click();
      await page.getByRole("button", { name: "Adaptive shares" }).click();
      await page.getByLabel("Goal").selectOption("cost");
      await page.getByLabel("Holdout (%)").fill("60");
      await page.getByRole("button", { name: "Save draft" }).click();
      await page.getByText("use a holdout of at most 50 % of the units").waitFor(WORK);
      await page.getByLabel("Holdout (%)").fill("20");
      await page.getByRole("button", { name: "Save draft" }).click();
      await page.getByRole("heading", { name: "Adaptive test" }).waitFor(WORK);
      await page.getByRole("button", { name: "Start" }).click();
      await page.getByText("Only the holdout, 20% of the units, counts for the verdicts.").waitFor(WORK);
      await createAskAll(visitor.treadle)("support", USERS);
      await page.getByRole("img", { name: "95%" }).waitFor({ timeout: 120_000 });
      expect(await seriousIn(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await fits(page)).toBe(true);
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
      await page.getByText("● stopped").waitFor(WORK);
    },
  );

  test("the cheaper variant appears on the page of cost and quality", LONG, async () => {
    const page = await open("/frontier");
    await page.getByRole("img", { name: "Cost and quality of 2 variants" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fits(page)).toBe(true);
  });
});
