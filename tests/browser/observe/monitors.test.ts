import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const MINUTE_MS = 60_000;

describe.runIf(hasChromium)("monitors", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
    const start = Date.now() - 20 * MINUTE_MS;
    for (let call = 0; call < 30; call++)
      await recordSpan(visitor.treadle, {
        startTime: new Date(start + call * 1_000).toISOString(),
        endpoint: "support",
        status: call % 2 === 0 ? "error" : "ok",
      });
  }, LONG.timeout);
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");
  const nameOf = (page: Page) => page.getByRole("textbox", { name: "Name", exact: true });
  const act = async (page: Page, monitor: string, item: string) => {
    await page.getByRole("button", { name: `Actions for ${monitor}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

  test("a monitor begins as a template, shows its past alarms, and is muted, edited and deleted", LONG, async () => {
    const page = await open("/monitors");
    await page.getByText("No monitors yet").waitFor(WORK);
    await page.getByRole("region", { name: "Templates" }).getByRole("link", { name: "Error rate" }).first().click();
    const preview = page.getByRole("region", { name: "Preview of the last 30 days" });
    await preview.getByRole("region", { name: "Alarms" }).getByText("Critical").first().waitFor(WORK);
    await nameOf(page).fill("");
    await page.getByRole("button", { name: "Create monitor" }).click();
    await page.getByText("Enter a name.").waitFor();
    await nameOf(page).fill("Failed answers");
    expect(await seriousIn(page)).toEqual([]);

    // At a threshold that no call exceeds, nothing would have fired.
    await page.getByLabel("Critical (%)").fill("99");
    await page.getByLabel("Warning (%)").fill("");
    await preview.getByText("The monitor would not have fired.").waitFor(WORK);
    await page.getByLabel("Critical (%)").fill("10");
    await page.getByRole("button", { name: "Create monitor" }).click();
    await page.getByRole("heading", { name: "Failed answers" }).waitFor(WORK);
    await page.getByText("Error rate by endpoint above 10%, where kind:generation").waitFor();

    await page.getByRole("link", { name: "Monitors", exact: true }).first().click();
    const list = page.getByRole("table", { name: "Monitors" });
    await list.getByRole("link", { name: "Failed answers" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await act(page, "Failed answers", "Mute for 1 hour");
    await list.getByText(/^Muted until/).waitFor(WORK);
    // The menu has closed by now, and its item with it.
    await page.getByText("Muted Failed answers for 1 hour").waitFor(WORK);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Unmute" }).click();
    await page.getByRole("button", { name: "Mute", exact: true }).waitFor(WORK);

    await page.getByRole("link", { name: "Edit" }).click();
    await nameOf(page).fill("Failures");
    await page.getByLabel("Runbook").fill("wiki");
    await page.getByRole("button", { name: "Save monitor" }).click();
    await page.getByText("Must be an address with http:// or https://.").waitFor();
    await page.getByLabel("Runbook").fill("https://example.com/runbook");
    await page.getByRole("button", { name: "Save monitor" }).click();
    await page.getByRole("heading", { name: "Failures", exact: true }).waitFor(WORK);
    await page.getByRole("link", { name: "https://example.com/runbook" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);

    await act(page, "Failures", "Disable");
    await page.getByText("The monitor is disabled. It is not evaluated.").waitFor(WORK);
    await page.getByText("Disabled Failures").waitFor(WORK);
    await act(page, "Failures", "Delete…");
    await page.getByRole("button", { name: "Delete monitor" }).click();
    await page.getByText("No monitors yet").waitFor(WORK);
    await page.getByText("Deleted Failures").waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });

  test("a table of groups becomes a monitor of its measure, filter and group", LONG, async () => {
    const page = await open("/explore?by=endpoint&show=errorRate,count&filter=kind:generation");
    const create = page.getByRole("link", { name: "Create monitor" });
    await create.waitFor(WORK);
    await create.click();
    await page.getByRole("heading", { name: "New monitor" }).waitFor(WORK);
    expect(await page.getByLabel("Measure", { exact: true }).inputValue()).toBe("errorRate");
    expect(await page.getByLabel("Group by").inputValue()).toBe("endpoint");
    await page.getByRole("button", { name: "Remove filter kind:generation" }).waitFor();
    await page.getByText("Change", { exact: true }).click();
    await page.getByLabel("Days between false alarms").waitFor();
  });

  test(
    "a query has a burn rate, and an SLO saves without its alerts even if their fields are wrong",
    LONG,
    async () => {
      const page = await open("/monitors/new?template=error-budget");
      await page.getByLabel("Objective (%)").waitFor(WORK);
      await page.getByRole("button", { name: "SQL", exact: true }).click();
      await page.getByText("The query must return a share of bad events").waitFor();
      expect(await page.getByLabel("Objective (%)").inputValue()).toBe("99");
      expect(await page.getByText("Change", { exact: true }).count()).toBe(0);
      const preview = page.getByRole("region", { name: "Preview of the last 30 days" });
      await preview.getByText("The number of false alarms of a monitor with SQL is unknown.").waitFor(WORK);
      expect(await seriousIn(page)).toEqual([]);
      await nameOf(page).fill("Budget of a query");
      await page.getByRole("button", { name: "Create monitor" }).click();
      await page.getByText(/^SQL query using the error budget of 99% too fast/).waitFor(WORK);

      await page.goto(`${visitor.treadle.url}/slos?project=${visitor.projects.own}`);
      await page.getByRole("button", { name: "New SLO" }).click(WORK);
      const form = page.getByRole("dialog", { name: "New SLO" });
      await form.getByLabel("Name", { exact: true }).fill("Answers");
      await form.getByRole("button", { name: "Add label" }).click();
      await form.getByLabel("Value of label 1").fill("search");
      await form.getByText("Enter a name for each label.").waitFor();
      await form.getByLabel("Runbook").fill("wiki");
      await form.getByLabel("Alert when the budget burns too fast").uncheck();
      await form.getByRole("button", { name: "Create SLO" }).click();
      await page.getByRole("heading", { name: "Answers" }).waitFor(WORK);
    },
  );

  test("the form and the list fit on a phone", LONG, async () => {
    const page = await open("/monitors/new?template=error-budget", 390);
    await page.getByLabel("Objective (%)").waitFor(WORK);
    expect(await page.getByLabel("Objective (%)").inputValue()).toBe("99");
    await page.getByRole("region", { name: "Preview of the last 30 days" }).getByText("Alarms").first().waitFor(WORK);
    expect(await fits(page)).toBe(true);
    await page.getByRole("button", { name: "Create monitor" }).click();
    await page.getByRole("heading", { name: "Error budget" }).waitFor(WORK);
    expect(await fits(page)).toBe(true);
    await page.goto(`${visitor.treadle.url}/monitors?project=${visitor.projects.own}`);
    await page.getByRole("link", { name: "Error budget" }).waitFor(WORK);
    expect(await fits(page)).toBe(true);
  });
});
