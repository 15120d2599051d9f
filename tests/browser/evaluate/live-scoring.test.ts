import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("live scoring", () => {
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
    await call("POST /api/v1/scorers", {
      body: { name: "names a place", kind: "contains", params: { phrases: ["Paris"] } },
    });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });

  async function sendQuestion(text: string) {
    const answer = await fetch(`${visitor.treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${visitor.treadle.apiKey}`,
        "content-type": "application/json",
        "x-treadle-user": "ada",
      },
      body: JSON.stringify({ model: "scripted/echo-1", messages: [{ role: "user", content: text }] }),
    });
    expect(answer.status).toBe(200);
  }

  test("a rule is made, counts what would match, scores what arrives, and is paused and deleted", LONG, async () => {
    await sendQuestion("In Paris, before");
    const page = await open("/scorers");
    await page.getByRole("navigation", { name: "Scorers" }).getByRole("link", { name: "Live" }).click();
    await page.getByText("No live scoring rules yet").waitFor(WORK);
    await page.getByRole("button", { name: "New rule" }).click();
    const form = page.getByRole("form", { name: "Rule" });
    await form.getByLabel("Name").fill("places");
    await form.getByRole("button", { name: "Start scoring" }).click();
    await form.getByText("Add at least one scorer.").waitFor();
    await form.getByLabel("Filter").fill("user:ada");
    await form.getByText("1 span matched in the last day").waitFor(WORK);
    await form.getByLabel("Filter").fill("user:");
    await form
      .getByRole("textbox", { name: /^Filter/ })
      .and(page.locator("[aria-invalid]"))
      .waitFor();
    await form.getByLabel("Filter").fill("user:ada");
    await form.getByLabel("Scorers").selectOption({ label: "names a place" });
    await form.getByLabel("Daily token budget").fill("100000");
    expect(await seriousIn(page)).toEqual([]);
    await form.getByRole("button", { name: "Start scoring" }).click();
    const row = page.getByRole("table", { name: "Rules" }).getByRole("row").filter({ hasText: "places" });
    await row.getByText("scoring").waitFor(WORK);

    await sendQuestion("In Paris.");
    await sendQuestion("In Rome.");
    await row.getByRole("cell", { name: "2", exact: true }).waitFor(WORK);
    await row.getByRole("button", { name: "places", exact: true }).click();
    const rates = page.getByRole("dialog").getByRole("table", { name: "Rates" });
    await rates.getByText("not calibrated yet").waitFor(WORK);
    const scores = page.getByRole("dialog").getByRole("table", { name: "Scores by places" });
    await expect.poll(() => scores.getByRole("row").count(), WORK).toBe(3);
    expect(await seriousIn(page)).toEqual([]);
    await scores.getByRole("link").first().click();
    await page.getByRole("heading", { level: 1 }).first().waitFor(WORK);
    expect(new URL(page.url()).pathname).toMatch(/^\/traces\//);

    await page.goBack();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Scheduled runs" }).click();
    const schedule = page.getByRole("form", { name: "Schedule" });
    await page.getByText("No runs yet.").waitFor(WORK);
    await schedule.getByLabel("Run on a schedule").check();
    await schedule.getByLabel("Interval").selectOption({ label: "Every week" });
    await schedule.getByLabel("Weekday").selectOption({ label: "Sunday" });
    await schedule.getByLabel("Sample size").fill("5");
    await schedule.getByRole("button", { name: "Save" }).click();
    await schedule.getByText("Enter a number from 10 to 1,000.").waitFor(WORK);
    // A wrong number in a hidden field does not prevent saving.
    await schedule.getByLabel("Run on a schedule").uncheck();
    await schedule.getByRole("button", { name: "Save" }).click();
    await page.getByText("Stopped the scheduled runs of places").waitFor(WORK);
    await schedule.getByLabel("Run on a schedule").check();
    expect(await schedule.getByLabel("Sample size").inputValue()).toBe("100");
    await schedule.getByLabel("Sample size").fill("200");
    await schedule.getByRole("button", { name: "Save" }).click();
    await schedule.getByText(/^Next run \d{4}-\d\d-\d\d 03:10 UTC$/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Score past spans…" }).click();
    await page.getByRole("button", { name: "Score spans", exact: true }).click();
    await page.getByRole("dialog").getByText("succeeded", { exact: false }).first().waitFor(WORK);
    await page.getByRole("button", { name: "Close" }).last().click();
    await row.getByRole("cell", { name: "3", exact: true }).waitFor(WORK);

    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await row.getByText("paused").waitFor(WORK);
    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Edit…" }).click();
    const edit = page.getByRole("form", { name: "Rule" });
    expect(await edit.getByRole("checkbox", { name: "Enabled" }).count()).toBe(0);
    await edit.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved places").waitFor(WORK);
    await row.getByText("paused").waitFor(WORK);
    await compareWithPeople(page);
    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("No live scoring rules yet").waitFor(WORK);
  });

  /** Compares the judge of the rule `places` with people, and stops. */
  async function compareWithPeople(page: Page) {
    await page.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Agreement with people" }).click();
    const dialog = page.getByRole("dialog", { name: "Agreement of places with people" });
    await dialog.getByLabel("Human score").fill("thumbs");
    await dialog.getByLabel("Tolerance").waitFor();
    await dialog.getByLabel("Pass from").fill("0.5");
    expect(await dialog.getByLabel("Tolerance").count()).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Compare", exact: true }).click();
    const panel = dialog.getByRole("region", { name: "names a place" });
    await panel.getByText("collecting pairs").waitFor(WORK);
    await panel.getByText(/^Not enough pairs: 0 pairs of the 50/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await panel.getByRole("button", { name: "Stop comparing…" }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await dialog.getByRole("form", { name: "Compare a score" }).waitFor(WORK);
    expect(await panel.count()).toBe(0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }

  test("on a phone nothing is cut off", LONG, async () => {
    const page = await open("/scorers/live", 390);
    await page.getByRole("button", { name: "New rule" }).click();
    await page.getByRole("form", { name: "Rule" }).waitFor(WORK);
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await seriousIn(page)).toEqual([]);
  });
});
