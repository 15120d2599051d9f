import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

describe.runIf(hasChromium)("traces", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());
  const sample = (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}range=30d&project=${visitor.projects.sample}`;

  test("a filter made by keyboard narrows the rows, and its address shows a colleague the same", async () => {
    const page = await visitor.open({ path: sample("/traces?view=spans") });
    await page.getByRole("row").nth(5).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("status:");
    await page.getByRole("option", { name: "error" }).waitFor();
    await page.keyboard.type("err");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Remove filter status:error" }).waitFor();
    await expect.poll(() => page.getByRole("gridcell", { name: "OK", exact: true }).count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("filter")).toBe("status:error");

    const colleague = await visitor.open({ path: new URL(page.url()).pathname + new URL(page.url()).search });
    await colleague.getByRole("row").nth(1).waitFor();
    expect(await colleague.getByRole("gridcell", { name: "OK", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Remove filter status:error" }).click();
    await page.getByRole("gridcell", { name: "OK", exact: true }).first().waitFor();
  });

  test("an address that names a field on its own, as older links do, is read as the same filter", async () => {
    const page = await visitor.open({ path: sample("/traces?view=spans&status=error&minDurationMs=10") });
    await page.getByRole("button", { name: "Remove filter status:error" }).waitFor();
    await page.getByRole("button", { name: "Remove filter latency>=10ms" }).waitFor();
  });

  test("the values of a filter are completed from what was recorded", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    await page.getByRole("combobox", { name: "Search and filter" }).click();
    await page.getByRole("option", { name: /^model:/ }).click();
    const first = page.getByRole("option").first();
    await first.locator("span").waitFor();
    const model = (await first.locator("code").textContent())?.trim();
    await first.click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Remove filter model:${model}` }).waitFor();
    expect(new URL(page.url()).searchParams.get("filter")).toBe(`model:${model}`);
  });

  test("a row opens next to the list, j and k move through the rows, Escape closes", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    await page.getByRole("row").nth(1).click();
    const open = page.getByRole("complementary", { name: "Open trace" });
    await open.getByRole("tab", { name: "Messages" }).waitFor();
    const first = new URL(page.url()).searchParams.get("open");
    await page.keyboard.press("j");
    await expect.poll(() => new URL(page.url()).searchParams.get("open")).not.toBe(first);
    await page.keyboard.press("k");
    await expect.poll(() => new URL(page.url()).searchParams.get("open")).toBe(first);
    await open.getByRole("link", { name: "Open as a full page" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/traces/${first}`);
    await page.goBack();
    await page.keyboard.press("Escape");
    await open.waitFor({ state: "detached" });
  });

  test("Back closes an opened trace and stays on the page, Forward opens it again", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    const list = new URL(page.url());
    const open = page.getByRole("complementary", { name: "Open trace" });
    const openId = () => new URL(page.url()).searchParams.get("open");
    await page.getByRole("row").nth(1).click();
    await open.getByRole("tab", { name: "Messages" }).waitFor();
    const first = openId();
    await page.keyboard.press("j");
    await expect.poll(openId).not.toBe(first);
    const second = openId();
    await page.goBack();
    await open.waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe(list.pathname);
    await page.goForward();
    await expect.poll(openId).toBe(second);
    // Closing returns to the same history entry, so one more step back leaves the page.
    await page.keyboard.press("Escape");
    await open.waitFor({ state: "detached" });
    await page.goForward();
    await expect.poll(openId).toBe(second);
  });

  test("spans sort by what a column holds, and a chosen column stays chosen", async () => {
    const page = await visitor.open({ path: sample("/traces?view=spans") });
    await page.getByRole("columnheader", { name: "Duration" }).getByRole("button").click();
    await expect
      .poll(() => page.getByRole("columnheader", { name: "Duration" }).getAttribute("aria-sort"))
      .toBe("descending");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Provider" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Provider" }).waitFor();
    await page.goto(visitor.treadle.url + sample("/traces?view=spans"));
    await page.getByRole("columnheader", { name: "Provider" }).waitFor();
  });

  test("the list continues without pages, and only visible rows are drawn", async () => {
    const page = await visitor.open({ path: sample("/traces?view=spans") });
    const grid = page.getByRole("grid", { name: "Spans" });
    await grid.getByRole("row").nth(5).waitFor();
    await grid.focus();
    await page.keyboard.press("End");
    await expect
      .poll(async () => Number(await grid.getByRole("row").last().getAttribute("aria-rowindex")))
      .toBeGreaterThan(100);
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
  });

  test("a span appears by itself while the tail is live, and not while it is paused", async () => {
    const page = await visitor.open({ path: `/traces?view=spans&project=${visitor.projects.own}` });
    await page.getByRole("button", { name: "Start the live tail" }).click();
    await page.getByRole("button", { name: "Pause the live tail (Live)" }).waitFor();
    await recordSpan(visitor.treadle, { name: "seen at once" });
    await page.getByRole("row").filter({ hasText: "seen at once" }).waitFor();
    await page.getByRole("button", { name: "Pause the live tail (Live)" }).click();
    await recordSpan(visitor.treadle, { name: "came in silence" });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await page.getByRole("row").filter({ hasText: "came in silence" }).count()).toBe(0);
    expect(await page.getByRole("row").filter({ hasText: "seen at once" }).count()).toBe(1);
  });

  test("a click on a chart opens the calls of that time, a drag zooms into it", async () => {
    const page = await visitor.open({ path: sample("/") });
    const chart = page.getByRole("region", { name: "Traffic" }).locator(".u-over");
    const box = await chart.boundingBox();
    if (!box) throw new Error("the chart is not drawn");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get("from")).not.toBeNull();
    expect(new URL(page.url()).pathname).toBe("/");
    await chart.click();
    await page.getByRole("heading", { name: "Traces", exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("view")).toBe("spans");
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
