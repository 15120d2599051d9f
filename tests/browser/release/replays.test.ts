import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createWeatherApp, startWeather, type Weather } from "../../setup/scripted-weather.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const CITIES = 8;

describe.runIf(hasChromium)("replays", () => {
  let visitor: Visitor;
  let provider: Weather;
  let app: ReturnType<typeof createWeatherApp>;
  beforeAll(async () => {
    provider = await startWeather();
    visitor = await startVisitor();
    app = createWeatherApp(visitor.treadle);
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    await call("POST /api/v1/connections", {
      body: { slug: "shop", preset: "vllm", baseUrl: provider.url, models: ["old", "next"], keys: [{ value: "sk-a" }] },
    });
    const variants = [
      { name: "old", model: "shop/old", weight: 1 },
      { name: "new", model: "shop/next", weight: 1 },
    ];
    await call("POST /api/v1/endpoints", { body: { name: "weather", variants, assignBy: "user" } });
    for (let user = 0; user < CITIES; user++) await app.recordExchange(user);
    await vi.waitFor(async () => {
      const { items } = await call("GET /api/v1/spans", { query: { filter: "endpoint:weather", limit: 100 } });
      expect(items).toHaveLength(2 * CITIES);
    }, WORK);
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    provider?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  test("the calls of an endpoint are replayed with a variant, and its divergences read", LONG, async () => {
    const page = await open("/endpoints");
    await page.getByRole("link", { name: "Replay calls" }).click();
    await page.getByText("The estimate appears when the form is complete.").waitFor(WORK);
    await page.getByRole("button", { name: "Start replay" }).click();
    await page.getByText("Enter a name of at most 120 characters.").waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Weather tomorrow");
    await page.getByLabel("Variant", { exact: true }).selectOption("new");
    const estimate = page.getByRole("region", { name: "Estimate", exact: true });
    await estimate.getByText("Tool calls").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Start replay" }).click();
    await page.getByRole("heading", { name: "Weather tomorrow" }).waitFor(WORK);
    await page.getByText("● succeeded").waitFor(WORK);
    const candidates = page.getByRole("table", { name: "Candidates" });
    await candidates.getByText("(6 of 8)").waitFor(WORK);
    await page.getByText("2 of 8 answers of new diverged.").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await candidates.getByRole("link", { name: "new" }).click();
    await page
      .getByText(/Diverged at call 1: the recording has no call of "weather"/)
      .first()
      .waitFor(WORK);
    await page.goBack();
    await page.getByRole("link", { name: "Compare with recorded answers" }).click();
    await page.getByText("Recorded answers of Weather tomorrow").first().waitFor(WORK);
    await page.goBack();
    await page.getByRole("link", { name: "Replay these recordings again" }).click();
    await page.getByLabel("Source").first().and(page.locator("select")).waitFor();
    expect(await page.getByLabel("Source").first().inputValue()).toBe("dataset");
    expect(visitor.troubles).toEqual([]);
  });

  test("an estimate from logged traffic is refused until variants were drawn", LONG, async () => {
    const page = await open("/replays");
    await page.getByRole("table", { name: "Replays" }).getByText("Weather tomorrow").waitFor(WORK);
    const panel = page.getByRole("form", { name: "Estimate from logged traffic" });
    await panel.getByLabel("Variant").selectOption("new");
    await panel.getByRole("button", { name: "Estimate" }).click();
    await panel.getByText(/none of 16 calls had a drawn variant/).waitFor(WORK);
    const start = [{ role: "user", content: "What is the weather in city1?" }];
    await Promise.all(Array.from({ length: 120 }, (_, user) => app.ask(100 + user, start)));
    await vi.waitFor(async () => {
      await panel.getByRole("button", { name: "Estimate" }).click();
      await panel.getByText("120 units with 120 calls.").waitFor({ timeout: 1_500 });
    }, WORK);
    await panel.getByRole("table", { name: "Estimates" }).getByText("Doubly robust").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fits(page)).toBe(true);
  });

  test("the form fits on a phone, and a replay that does not exist is reported as such", LONG, async () => {
    const page = await open("/replays/new", 390);
    await page.getByRole("button", { name: "Start replay" }).waitFor(WORK);
    expect(await fits(page)).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
    await page.goto(`${visitor.treadle.url}/replays/rpl_none?project=${visitor.projects.own}`);
    await page.getByText("Replay not found").waitFor(WORK);
  });
});
