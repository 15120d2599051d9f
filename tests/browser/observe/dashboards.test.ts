import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVERY_KIND } from "../furnish/every-kind.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { brush, drag } from "../visitor/drag.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

describe.runIf(hasChromium)("dashboards", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());
  const sample = (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}range=7d&project=${visitor.projects.sample}`;
  const searchOf = (page: Page) => new URL(page.url()).searchParams;
  const card = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

  /** Imports a dashboard under the given name and opens it. */
  async function importAs(name: string, look: { width?: number; height?: number } = {}) {
    const page = await visitor.open({ ...look, path: sample("/dashboards?new=json") });
    await page.getByLabel("JSON", { exact: true }).fill(JSON.stringify({ ...EVERY_KIND, name }));
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    return page;
  }
  async function addChart(page: Page, kind: string, { title, measure, groups = [], isOverTime }: NewChart) {
    await page.getByRole("button", { name: "Add chart" }).first().click();
    const editor = page.getByRole("dialog", { name: "New chart" });
    await editor.getByText(kind, { exact: true }).click();
    await editor.getByRole("textbox", { name: "Title" }).fill(title);
    await editor.getByRole("combobox", { name: "Add measure" }).selectOption({ label: measure });
    const spans = editor.getByRole("button", { name: "Remove Spans", exact: true });
    if ((await spans.count()) > 0) await spans.click();
    if (isOverTime !== undefined) await editor.getByRole("checkbox", { name: "Over time" }).setChecked(isOverTime);
    const first = editor.getByRole("button", { name: "Remove Model", exact: true });
    if (isOverTime !== undefined && (await first.count()) > 0) await first.click();
    for (const group of groups)
      await editor.getByRole("combobox", { name: "Add group" }).selectOption({ label: group });
    await editor.getByRole("button", { name: "Add to dashboard", exact: true }).click();
    await editor.waitFor({ state: "detached" });
  }

  test("a dashboard of every kind of chart is built, saved, and stands again after a reload", async () => {
    const page = await visitor.open({ path: sample("/dashboards") });
    await page.getByRole("button", { name: "New dashboard" }).first().click();
    await page.getByText("Empty", { exact: true }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Everything");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("No charts yet").waitFor();
    await addChart(page, "Lines", { title: "Money over time", measure: "Cost", groups: ["Model"] });
    await addChart(page, "Bars", { title: "Money of users", measure: "Cost", isOverTime: false, groups: ["User"] });
    await addChart(page, "Table", { title: "Money of tags", measure: "Cost", isOverTime: false, groups: ["Tag"] });
    await addChart(page, "Number", { title: "All the money", measure: "Cost" });
    await addChart(page, "Heat map", { title: "Busy hours", measure: "Tokens", isOverTime: true, groups: ["Model"] });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").filter({ hasText: "Saved “Everything”" }).waitFor();

    await page.setViewportSize({ width: 1440, height: 2400 });
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Everything" }).waitFor();
    await card(page, "Money over time").locator("canvas").waitFor();
    await card(page, "Money of users")
      .getByRole("link", { name: /customer-\d+: \$/ })
      .first()
      .waitFor();
    await card(page, "Money of tags").getByRole("button", { name: "sample" }).waitFor();
    await card(page, "All the money").getByRole("button", { name: /^\$\d/ }).waitFor();
    await card(page, "Busy hours")
      .getByRole("img", { name: /^Busy hours, from 0/ })
      .waitFor();
  });

  test("a drag over a chart of a dashboard narrows the time of all, and the way back undoes it", async () => {
    const page = await importAs("Brushed", { height: 1400 });
    await brush(page, card(page, "Cost by model").locator(".u-over"), [0.5, 0.8]);
    await expect.poll(() => searchOf(page).get("from")).not.toBeNull();
    const [from, to] = [searchOf(page).get("from"), searchOf(page).get("to")];
    expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBeLessThan(3 * 86_400_000);
    await page.goBack();
    await expect.poll(() => searchOf(page).get("range")).toBe("7d");
    await brush(page, card(page, "Spans by time and latency band").locator("svg[data-drawing]"), [0.4, 0.7]);
    await expect.poll(() => searchOf(page).get("from")).not.toBeNull();
    await page.goBack();
    await expect.poll(() => searchOf(page).get("from")).toBeNull();
    await page.getByRole("heading", { level: 1, name: "Brushed" }).waitFor();
  });

  test("a click opens the spans of a bar, and a chart is enlarged at a separate address", async () => {
    const page = await importAs("Opened");
    await card(page, "Cost by model").hover();
    await card(page, "Cost by model").getByRole("button", { name: "Actions for Cost by model" }).click();
    await page.getByRole("menuitem", { name: "Enlarge" }).click();
    await page.getByRole("dialog", { name: "Opened" }).locator("canvas").waitFor();
    expect(searchOf(page).get("chart")).toBe("cost");
    await page.keyboard.press("Escape");
    await expect.poll(() => searchOf(page).get("chart")).toBeNull();
    const bar = card(page, "Cost by user")
      .getByRole("link", { name: /^customer-/ })
      .first();
    const user = (await bar.getAttribute("aria-label"))?.split(":")[0];
    await bar.click();
    await page.getByRole("button", { name: `Remove filter user:${user}` }).waitFor();
  });

  test("charts are moved and sized by mouse and by keyboard, and every step is undone and done again", async () => {
    const page = await importAs("Moved");
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const grip = page.getByRole("button", { name: "Move Cost by user" });
    const placeOf = async () => {
      const { x = 0, y = 0, width = 0, height = 0 } = (await card(page, "Cost by user").boundingBox()) ?? {};
      return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
    };
    await grip.waitFor();
    const start = await placeOf();
    await drag(page, grip, { x: -600, y: 0 });
    await expect.poll(async () => (await placeOf()).x).toBeLessThan(start.x);
    await grip.focus();
    await page.keyboard.press("Shift+ArrowDown");
    await expect.poll(async () => (await placeOf()).height).toBeGreaterThan(start.height);
    const corner = page.locator("[data-corner=users]");
    const middle = await placeOf();
    await drag(page, corner, { x: -200, y: 0 });
    await expect.poll(async () => (await placeOf()).width).toBeLessThan(middle.width);

    const undo = page.getByRole("button", { name: /^Undo/ });
    await page.getByRole("button", { name: "Move Cost by user" }).focus();
    await page.keyboard.press("Control+z");
    await expect.poll(placeOf).toEqual(middle);
    await undo.click();
    await undo.click();
    await expect.poll(placeOf).toEqual(start);
    expect(await undo.isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Done" }).waitFor();
    await page.getByRole("button", { name: /^Redo/ }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
    await page.reload();
    await card(page, "Cost by user").waitFor();
    expect((await placeOf()).x).toBeLessThan(start.x);
  });

  test("a chart is copied, taken off and put back, and a chart that was not added leaves nothing", async () => {
    const page = await importAs("Changed", { height: 1800 });
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const choose = async (item: string) => {
      await card(page, "Cost by user").first().hover();
      await page.getByRole("button", { name: "Actions for Cost by user" }).first().click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await choose("Duplicate");
    await expect.poll(() => card(page, "Cost by user").count()).toBe(2);
    await choose("Remove from dashboard");
    await expect.poll(() => card(page, "Cost by user").count()).toBe(1);
    await page.getByRole("region", { name: "Notifications" }).getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => card(page, "Cost by user").count()).toBe(2);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "Add chart" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Done" }).waitFor();
    expect(await page.getByRole("button", { name: /^Undo/ }).isDisabled()).toBe(true);
  });

  test("JSON that is none or no dashboard is refused in a sentence, and what is exported is imported again", async () => {
    const page = await visitor.open({ path: sample("/dashboards?new=1") });
    await page.getByRole("button", { name: "Import JSON" }).click();
    const json = page.getByLabel("JSON", { exact: true });
    const expectInDialog = (text: string | RegExp) => page.getByRole("dialog").getByText(text).waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expectInDialog("Paste the JSON of a dashboard or choose a file.");
    await json.fill('{\n  "name": "x",\n}');
    await expectInDialog("Invalid JSON at line 3, column 1. Expected a name in quotes after the comma.");
    await json.fill('{"panels": []}');
    await expectInDialog(/not a Treadle dashboard. Its “format” must be "treadle-dashboard"/);
    await page.getByLabel("Dashboard file").setInputFiles({
      name: "wrong.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify({ ...EVERY_KIND, charts: [{ ...EVERY_KIND.charts[0], kind: "pie" }] })),
    });
    await expectInDialog("Chart 1, kind: must be one of line, bar, table, number, heatmap");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    expect(new URL(page.url()).pathname).toBe("/dashboards");

    const board = await importAs("Taken along");
    await board.getByRole("button", { name: "Actions for Taken along" }).click();
    const coming = board.waitForEvent("download");
    await board.getByRole("menuitem", { name: "Export as JSON" }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toBe("taken-along.json");
    await page.getByLabel("Dashboard file").setInputFiles(await file.path());
    await expectInDialog("“Taken along”, 5 charts");
    expect(JSON.parse(await readFile(await file.path(), "utf8"))).toMatchObject({ ...EVERY_KIND, name: "Taken along" });
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Taken along" }).waitFor();
  });

  test("a dashboard is edited as JSON, and what was applied can be undone", async () => {
    const page = await importAs("Written");
    await page.keyboard.press("e");
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    const json = page.getByLabel("JSON", { exact: true });
    const text = await json.inputValue();
    await json.fill(text.replace('"Written"', '"Rewritten"'));
    await page.getByRole("button", { name: "Apply" }).click();
    const name = page.getByRole("textbox", { name: "Name" });
    expect(await name.inputValue()).toBe("Rewritten");
    await page.getByRole("button", { name: /^Undo/ }).click();
    expect(await name.inputValue()).toBe("Written");
  });

  test("a dashboard is shared by a link, shown on the full screen, duplicated, and deleted after a question", async () => {
    const page = await importAs("Shared");
    const choose = async (name: string, item: string) => {
      await page.getByRole("button", { name: `Actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await page.keyboard.press("c");
    await choose("Shared", "Copy link to this view");
    await page.getByText("Copied the link").waitFor();
    const link = new URL(String(await page.evaluate("navigator.clipboard.readText()")));
    expect(Object.fromEntries(link.searchParams)).toMatchObject({ compare: "1", project: visitor.projects.sample });
    const colleague = await visitor.open({ path: link.pathname + link.search });
    await colleague.getByRole("heading", { level: 1, name: "Shared" }).waitFor();
    expect(await colleague.getByRole("button", { name: "Compare" }).getAttribute("aria-pressed")).toBe("true");

    await choose("Shared", "Full screen");
    await page.getByRole("navigation").first().waitFor({ state: "hidden" });
    await page.keyboard.press("f");
    await page.getByRole("navigation").first().waitFor();
    await choose("Shared", "Duplicate");
    await page.getByRole("heading", { level: 1, name: "Shared (copy)" }).waitFor();
    await choose("Shared (copy)", "Delete");
    const question = page.getByRole("dialog", { name: "Delete “Shared (copy)”?" });
    await question.getByText("and its 5 charts").waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { level: 1, name: "Shared (copy)" }).waitFor();
    await choose("Shared (copy)", "Delete");
    await question.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Dashboards" }).waitFor();
    await page.getByRole("link", { name: "Shared", exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "Shared (copy)" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Shared (copy)" }).waitFor();
  });

  test("two people who change one dashboard lose nothing", async () => {
    const page = await importAs("Contested");
    const other = await visitor.open({ path: new URL(page.url()).pathname + new URL(page.url()).search });
    for (const [one, name] of [
      [page, "Mine"],
      [other, "Theirs"],
    ] as const) {
      await one.getByRole("button", { name: "Edit", exact: true }).click();
      await one.getByRole("textbox", { name: "Name" }).fill(name);
    }
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByRole("heading", { level: 1, name: "Theirs" }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Someone else changed this dashboard").waitFor();
    await page.getByRole("button", { name: "Save mine as a copy" }).click();
    await page.getByRole("heading", { level: 1, name: "Mine (mine)" }).waitFor();
  });

  test("a chart that cannot be loaded says why and is loaded again, while the others stand", async () => {
    const page = await importAs("Troubled");
    let isBroken = true;
    await page.route("**/api/v1/span-metrics", (route) =>
      isBroken && route.request().postDataJSON().dimensions.includes("user")
        ? route.fulfill({
            status: 400,
            json: { error: { code: "invalid_request", message: "The store is being moved." } },
          })
        : route.continue(),
    );
    await page.reload();
    await card(page, "Cost by user")
      .getByText(/Not loaded.*The store is being moved/)
      .waitFor();
    await card(page, "Cost by model").locator("canvas").waitFor();
    isBroken = false;
    await card(page, "Cost by user").getByRole("button", { name: "Retry" }).click();
    await card(page, "Cost by user")
      .getByRole("link", { name: /^customer-/ })
      .first()
      .waitFor();
  });

  test("axe finds nothing serious on a dashboard, in its editor and in its dialogs, and it fits on a phone", async () => {
    const page = await importAs("Reached", { height: 1400 });
    await card(page, "Cost by tag")
      .or(card(page, "Cost, Model calls by tag"))
      .getByRole("button", { name: "sample" })
      .waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html[data-theme=dark]").waitFor();
    await expect.poll(() => page.evaluate("document.getAnimations().length")).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "Add chart" }).click();
    await page.getByRole("dialog", { name: "New chart" }).locator("canvas").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    await page.getByLabel("JSON", { exact: true }).fill("{");
    expect(await seriousIn(page)).toEqual([]);
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

type NewChart = { title: string; measure: string; groups?: readonly string[]; isOverTime?: boolean };
