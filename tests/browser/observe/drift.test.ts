import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dayAgo, furnishDriftingTexts } from "../furnish/furnish-drifting-texts.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 180_000 };
const LONG = { timeout: 400_000 };

describe.runIf(hasChromium)("drift", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
    await furnishDriftingTexts(visitor.treadle);
  }, LONG.timeout);
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  test("a watch finds a new customer, and the change becomes the reference", LONG, async () => {
    const page = await open("/drift");
    await page.getByText("No drift watches yet").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "New drift watch" }).click();
    await page.getByLabel("Name").fill("Support questions");
    await page.getByLabel("Endpoint").fill("support");
    await page.getByLabel("Reference").selectOption({ label: "A chosen time range" });
    await page.getByLabel("First day (UTC)").fill(dayAgo(5));
    await page.getByLabel("Last day (UTC)").fill(dayAgo(3));
    await page.getByLabel("Sample size").fill("120");
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Create drift watch" }).click();
    await page.getByRole("heading", { name: "Support questions" }).waitFor(WORK);
    await page.getByText("changed once").first().waitFor(WORK);
    const explanations = page.getByRole("table", { name: "Explanations" });
    await explanations.getByText("bakery", { exact: true }).waitFor(WORK);

    // The same change on the day before confirms it.
    const driftWatchId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await runDay(visitor, driftWatchId, dayAgo(2));
    await page.getByRole("link", { name: `${dayAgo(1)}: changed once` }).click();
    await page.getByRole("button", { name: `Run ${dayAgo(1)}` }).click();
    await page.getByText("drift confirmed").first().waitFor(WORK);
    const investigations = page.getByRole("region", { name: "Investigations" });
    await investigations.getByText(/^Drift in Support questions:/).waitFor(WORK);
    await page
      .getByRole("region", { name: "Most typical of the day" })
      .getByText(/dough|yeast|bread/)
      .first()
      .waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    const narrow = await open(`/drift/${driftWatchId}`, 390);
    await narrow.getByRole("table", { name: "Signals" }).waitFor(WORK);
    expect(await fits(narrow)).toBe(true);

    await investigations.getByLabel("Note").fill("The bakery has started.");
    await investigations.getByRole("button", { name: "Mark as explained" }).click();
    await investigations.getByText("● explained").waitFor(WORK);
    const reference = page.getByRole("region", { name: "Reference", exact: true });
    await reference.getByRole("button", { name: "Change reference…" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Reference").selectOption({ label: "A chosen time range" });
    await form.getByLabel("First day (UTC)").fill(dayAgo(2));
    await form.getByLabel("Last day (UTC)").fill(dayAgo(1));
    expect(await seriousIn(page)).toEqual([]);
    await form.getByRole("button", { name: "Change reference" }).click();
    await reference.getByText(`Calls from ${dayAgo(2)} to ${dayAgo(1)} (UTC)`).waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });
});

async function runDay({ treadle: { url, apiKey } }: Visitor, driftWatchId: string, day: string): Promise<void> {
  const { call } = createClient({ baseUrl: url, apiKey });
  await call("POST /api/v1/drift-watches/:driftWatchId/runs", { params: { driftWatchId }, body: { day } });
  await expect
    .poll(
      async () =>
        (await call("GET /api/v1/drift-watches/:driftWatchId/runs/:day", { params: { driftWatchId, day } })).state,
      WORK,
    )
    .toBe("done");
}
