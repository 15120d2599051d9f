import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ScriptedProvider,
  startProvider,
} from "../../../packages/server/src/modules/train/training/testing/scripted-provider.ts";
import { makeChats } from "../../setup/training-world.ts";
import { SHOTS, shootPage } from "../shots/shoot-page.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("training at a provider", () => {
  let visitor: Visitor;
  let there: ScriptedProvider;
  let client: ReturnType<typeof createClient>;
  let connectionId: string;
  beforeAll(async () => {
    there = await startProvider();
    visitor = await startVisitor();
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const connect = (slug: string, name: string, preset: string) =>
      client.call("POST /api/v1/connections", {
        body: { slug, name, preset, baseUrl: there.url, models: ["small-model"], keys: [{ value: there.key }] },
      });
    connectionId = (await connect("openai", "OpenAI", "openai-compatible")).connectionId;
    await connect("anthropic", "Anthropic", "anthropic");
    await makeChats(client, "support-answers", 24);
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await there?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });

  async function fillIn(page: Page) {
    await page.getByRole("combobox", { name: "Run on" }).selectOption({ label: "OpenAI (provider fine-tuning)" });
    await page.getByLabel("Provider's model").fill("small-model");
    await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
  }
  /** The error message next to a field, null when there is none. */
  async function noteAt(page: Page, label: string): Promise<string | null> {
    const field = page.locator("input, select").and(page.getByLabel(label));
    await expect.poll(() => field.getAttribute("aria-invalid"), WORK).toBe("true");
    return page.locator(`[id="${await field.getAttribute("aria-describedby")}"]`).textContent();
  }

  test(
    "the form offers the provider's connections, says that the rows leave, and asks for what a provider takes",
    LONG,
    async () => {
      const page = await open("/training/new");
      const places = page.getByRole("combobox", { name: "Run on" });
      await places.getByText("OpenAI (provider fine-tuning)").waitFor({ state: "attached" });
      expect(await places.locator("option").allTextContents()).toEqual([
        "This machine",
        "This machine, several processes",
        "OpenAI (provider fine-tuning)",
      ]);
      await page.getByLabel("Base model").fill("a-model-of-this-machine");
      await fillIn(page);
      await page.getByText("The rows are sent to OpenAI", { exact: false }).waitFor();
      for (const label of [
        "Suffix",
        "Batch size",
        "Learning rate multiplier",
        "Price per million tokens",
        "Epochs",
        "Seed",
      ])
        await page.getByLabel(label).first().waitFor();
      expect(await page.getByRole("button", { name: "SFT", exact: true }).count()).toBe(1);
      for (const gone of ["Base model", "Sequence len", "Learning rate", "Trained weights", "Sample prompts"])
        expect(await page.getByLabel(gone, { exact: true }).count()).toBe(0);
      for (const gone of ["KTO", "Show samples", "Install it"])
        expect(await page.getByRole("button", { name: gone, exact: true }).count()).toBe(0);
      expect(await page.getByRole("heading", { name: /Adapter|Checkpoints|Budget|Evaluation/ }).count()).toBe(0);
      expect(await seriousIn(page)).toEqual([]);
    },
  );

  test("settings that a provider rejects are explained next to their fields", LONG, async () => {
    const page = await open("/training/new");
    await page.getByRole("button", { name: "KTO", exact: true }).click();
    await fillIn(page);
    await page.getByText("must be sft or dpo at a provider").first().waitFor(WORK);
    await page.getByRole("button", { name: "SFT", exact: true }).click();
    await page.getByRole("spinbutton", { name: "Epochs" }).fill("1.5");
    expect(await noteAt(page, "Epochs")).toContain("whole number up to 50");
    await page.getByLabel("Batch size").fill("1000");
    expect(await noteAt(page, "Batch size")).toMatch(/256/);
    expect(await page.getByRole("button", { name: "Start training" }).isDisabled()).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
    await shootNew("training-provider-refused", async (one) => {
      await fillIn(one);
      await one.getByRole("spinbutton", { name: "Epochs" }).fill("1.5");
      await one.getByLabel("Batch size").fill("1000");
      await noteAt(one, "Epochs");
    });
  });

  test("a connection that was deleted meanwhile is reported at its field", LONG, async () => {
    const change = (isEnabled: boolean) =>
      client.call("PATCH /api/v1/connections/:connectionId", { params: { connectionId }, body: { isEnabled } });
    const page = await open("/training/new");
    await fillIn(page);
    await change(false);
    try {
      await page.getByRole("button", { name: "Start training" }).click();
      expect(await noteAt(page, "Run on")).toContain('the connection "openai" is disabled. Enable it first.');
    } finally {
      await change(true);
    }
    await page.getByLabel("Suffix").fill("acme");
    await expect.poll(() => page.getByLabel("Run on").getAttribute("aria-invalid")).toBe(null);
  });

  test("a run is estimated without sending anything, started, followed, and begun again as it was", LONG, async () => {
    const page = await open("/training/new");
    await fillIn(page);
    await page.getByLabel("Name").fill("support");
    await page.getByLabel("Suffix").fill("acme");
    await page.getByLabel("Batch size").fill("4");
    await page.getByLabel("Price per million tokens").fill("25");
    await page.getByRole("spinbutton", { name: "Epochs" }).fill("2");
    await page.getByRole("button", { name: "Estimate" }).click();
    await page.getByText("Cost", { exact: true }).waitFor(WORK);
    expect([there.files.size, there.jobs.length]).toEqual([0, 0]);
    await shootNew("training-provider", async (one) => {
      await fillIn(one);
      await one.getByLabel("Price per million tokens").fill("25");
      await one.getByRole("button", { name: "Estimate" }).click();
      await one.getByText("Cost", { exact: true }).waitFor(WORK);
    });
    await page.getByRole("button", { name: "Start training" }).click();
    await page.getByRole("heading", { level: 1, name: "support" }).waitFor(WORK);
    await page.getByText(/Saved as version 1 of support/).waitFor(WORK);
    expect(there.jobs[0]?.asked).toMatchObject({
      model: "small-model",
      suffix: "acme",
      method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 2, batch_size: 4 } } },
    });
    expect(await page.getByText("has no effect at a provider").count()).toBe(0);
    await shootPage(visitor, "training-provider-run", new URL(page.url()).pathname);
    await page.getByRole("button", { name: "Run actions" }).click();
    await page.getByRole("menuitem", { name: "Duplicate…" }).click();
    await page.getByRole("heading", { level: 1, name: "New training run" }).waitFor();
    await expect.poll(() => page.getByLabel("Provider's model").inputValue(), WORK).toBe("small-model");
    expect(await page.getByLabel("Batch size").inputValue()).toBe("4");
    expect(await page.getByLabel("Run on").inputValue()).toBe("provider:openai");
    expect(visitor.troubles).toEqual([]);
  });

  test("on a phone nothing is wider than the screen", LONG, async () => {
    const page = await open("/training/new", 390);
    await fillIn(page);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  /** Takes screenshots of the form in both widths and themes. Each browser fills it in again, because drafts stay in the browser. */
  async function shootNew(name: string, prepare: (page: Page) => Promise<void>) {
    if (!SHOTS) return;
    for (const width of [1440, 390])
      for (const theme of ["light", "dark"] as const) {
        const path = `/training/new?project=${visitor.projects.own}`;
        const page = await visitor.open({ width, theme, path, height: width === 390 ? 2_300 : 1_500 });
        await prepare(page);
        await page.waitForTimeout(1_000);
        await page.screenshot({ path: join(SHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
        await page.context().close();
      }
  }
});
