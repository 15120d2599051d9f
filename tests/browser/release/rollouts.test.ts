import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("rollouts", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const { baseUrl } = provider;
    await call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-of-the-journey" }] },
    });
    const variants = [
      { name: "current", model: "scripted/echo-1", weight: 1 },
      { name: "candidate", model: "scripted/echo-2", weight: 0 },
    ];
    await call("POST /api/v1/endpoints", { body: { name: "support", variants } });
    await call("POST /api/v1/endpoints", { body: { name: "plain", variants: variants.slice(0, 1) } });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  async function ask(user: string) {
    const answer = await fetch(`${visitor.treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${visitor.treadle.apiKey}`,
        "content-type": "application/json",
        "x-treadle-user": user,
      },
      body: JSON.stringify({ model: "support", messages: [{ role: "user", content: "Where is it?" }] }),
    });
    expect(answer.status).toBe(200);
  }

  test("a rollout is drafted, started, watched, paused, resumed and rolled back", LONG, async () => {
    const page = await open("/");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByText("No rollouts yet").waitFor(WORK);
    await page.getByRole("link", { name: "New rollout" }).click();
    await page.getByLabel("Endpoint").selectOption({ label: "plain" });
    await page.getByText("plain has no variant with the weight 0.").waitFor();
    await page.getByLabel("Endpoint").selectOption({ label: "support" });
    await page.getByText("nothing can be estimated").waitFor(WORK);
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("heading", { name: "support: candidate" }).waitFor(WORK);
    await page.getByRole("button", { name: "Start" }).click();
    // Without earlier requests, the latency has no budget.
    await page.getByRole("alert").getByText("Set a budget in milliseconds").waitFor(WORK);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByRole("button", { name: "Remove guardrail 2" }).click();
    await page.getByLabel("Share of stage 1 in percent").fill("50");
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByText("Stage 2 has no larger share").waitFor(WORK);
    await page.getByLabel("Share of stage 1 in percent").fill("20");
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText("● running").waitFor(WORK);
    for (let user = 0; user < 20; user++) await ask(`u${user}`);
    await page.getByText(/The candidate has \d+ of 100 units/).waitFor(WORK);
    await page.getByRole("table", { name: "Evidence" }).getByText("Errors").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("● paused").waitFor(WORK);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("● running").waitFor(WORK);
    await page.getByRole("button", { name: "Roll back…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await page.getByText("● rolled back").waitFor(WORK);
    const events = page.getByRole("region", { name: "Events" });
    for (const word of ["Draft created", "Draft changed", "Started", "Paused", "Resumed", "Rolled back"])
      await events.getByText(word, { exact: true }).waitFor(WORK);
    await page.getByRole("link", { name: "Rollouts" }).first().click();
    await page.getByRole("table", { name: "Rollouts" }).getByText("rolled back").waitFor(WORK);
    await page.getByLabel("State").selectOption("running");
    await page.getByText("No matching rollouts").waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });

  test("the pages fit on a phone", LONG, async () => {
    const page = await open("/rollouts", 390);
    await page.getByRole("link", { name: "support" }).click();
    await page.getByRole("region", { name: "Evidence", exact: true }).waitFor(WORK);
    expect(await fits(page)).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
    await page.goto(`${visitor.treadle.url}/rollouts/new?project=${visitor.projects.own}`);
    await page.getByRole("button", { name: "Save draft" }).waitFor(WORK);
    expect(await fits(page)).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
  });

  test("a rollout that does not exist is reported as such", LONG, async () => {
    const page = await open("/rollouts/roll_none");
    await page.getByText("Rollout not found").waitFor(WORK);
  });
});
