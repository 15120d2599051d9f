import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChangingProvider, startChangingProvider } from "../furnish/changing-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

/** The set-up makes 2,255 calls. */
const WORK = { timeout: 180_000 };
const LONG = { timeout: 600_000 };

describe.runIf(hasChromium)("probes", () => {
  let visitor: Visitor;
  let provider: ChangingProvider;
  beforeAll(async () => {
    provider = await startChangingProvider();
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const { baseUrl } = provider;
    await call("POST /api/v1/connections", {
      body: { slug: "changing", preset: "vllm", baseUrl, models: ["model-1"], keys: [{ value: "sk-of-a-probe" }] },
    });
    const price = { provider: "*", model: "model-1", inputUsdPerMillion: 1, outputUsdPerMillion: 2 };
    await call("POST /api/v1/model-prices", { body: price });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, look: { width?: number; theme?: "light" | "dark" } = {}) =>
    visitor.open({ ...look, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  test("a probe is set up after a failure, finds a changed model, and its incident is opened", LONG, async () => {
    const page = await open("/probes");
    await page.getByText("No probes yet").waitFor(WORK);
    await page.getByRole("link", { name: "New probe" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Support model");
    const model = page.getByRole("combobox", { name: "Model" });
    const list = await model.getAttribute("list");
    await page.locator(`[id="${list}"] option[value="changing/model-1"]`).waitFor({ ...WORK, state: "attached" });
    await model.fill("changing/model-1");
    await page.getByText(/^2,255 calls · \$0\.\d+$/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);

    provider.become("down");
    await page.getByRole("button", { name: "Create probe" }).click();
    await page.getByRole("heading", { name: "Support model" }).waitFor(WORK);
    await page.getByText(/The provider does not answer:.*The engine has crashed/).waitFor(WORK);
    provider.become("first");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Nothing is compared yet.").waitFor(WORK);

    const runs = page.getByRole("table", { name: "Runs" });
    const run = async (kind: string) => {
      await page.getByRole("button", { name: "Run now" }).click();
      await runs.getByRole("row").nth(1).filter({ hasText: kind }).filter({ hasNotText: "running" }).waitFor(WORK);
    };
    await run("reference");
    await run("daily");
    await page.getByText("watching").first().waitFor(WORK);

    provider.become("changed");
    await page.getByRole("button", { name: "Run now" }).click();
    const finding = page.getByRole("region", { name: "The model has changed" });
    await finding.getByText(/^Confirmed: p = /).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    const phone = await open(new URL(page.url()).pathname, { width: 390, theme: "dark" });
    await phone.getByRole("table", { name: "Runs" }).getByText("second test").waitFor(WORK);
    expect(await fits(phone)).toBe(true);
    expect(await seriousIn(phone)).toEqual([]);

    await finding.getByRole("link", { name: "Open incident" }).click();
    await page.getByRole("heading", { name: "changing/model-1 has changed" }).waitFor(WORK);
    await page.goBack();
    await page.getByRole("button", { name: "Dismiss…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Dismiss", exact: true }).click();
    await page.getByText("watching").first().waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });
});
