import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("shadows and deployments", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const models = ["echo-1", "echo-2"];
    await call("POST /api/v1/connections", {
      body: { slug: "shadowed", preset: "vllm", baseUrl: provider.baseUrl, models, keys: [{ value: "sk-shadow" }] },
    });
    for (const model of models)
      await call("POST /api/v1/model-prices", {
        body: { provider: "*", model, inputUsdPerMillion: 1, outputUsdPerMillion: 1 },
      });
    const variants = [
      { name: "current", model: "shadowed/echo-1", weight: 1 },
      { name: "candidate", model: "shadowed/echo-2", weight: 0 },
    ];
    await call("POST /api/v1/endpoints", { body: { name: "mirrored", variants } });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });

  async function ask(question: string) {
    const answer = await fetch(`${visitor.treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${visitor.treadle.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "mirrored", messages: [{ role: "user", content: question }] }),
    });
    expect(answer.status).toBe(200);
  }

  test("a shadow is started, its pairs are read, and it is paused, resumed and ended", LONG, async () => {
    const page = await open("/shadows");
    await page.getByText("No shadows yet").waitFor(WORK);
    await page.getByRole("link", { name: "New shadow" }).click();
    await page.getByLabel("Endpoint").selectOption({ label: "mirrored" });
    await page.getByRole("combobox", { name: "Candidate" }).selectOption("candidate");
    await page.getByLabel("Share (%)").fill("400");
    await page.getByRole("button", { name: "Start shadow" }).click();
    expect(await page.locator("input:invalid").count()).toBe(1);
    await page.getByLabel("Share (%)").fill("100");
    await page.getByRole("button", { name: "Start shadow" }).click();
    await page.getByRole("heading", { name: "mirrored: candidate" }).waitFor(WORK);
    for (const question of ["Where is it?", "When does it come?"]) await ask(question);
    const pairs = page.getByRole("region", { name: "Pairs" });
    await pairs.getByText("When does it come?").first().waitFor(WORK);
    await page.getByRole("table", { name: "Agreement" }).getByText("Same answer").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("● paused").waitFor(WORK);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("● running").waitFor(WORK);
    await page.getByRole("button", { name: "End…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End shadow" }).click();
    await page.getByText("● ended").waitFor(WORK);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    expect(visitor.troubles).toEqual([]);
  });

  test("a project requires rollouts for its aliases, and the setting remains", LONG, async () => {
    const page = await open("/settings/deployments", 390);
    const box = page.getByLabel("Require a rollout when an alias moves");
    await box.check(WORK);
    await page.getByLabel("Share of stage 1 in percent").fill("95");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/no larger share/).waitFor(WORK);
    await page.getByLabel("Share of stage 1 in percent").fill("20");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").first().waitFor(WORK);
    await page.reload();
    await box.waitFor(WORK);
    expect(await box.isChecked()).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });
});
