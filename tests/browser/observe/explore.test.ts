import { readFile } from "node:fs/promises";
import type { SessionSummary } from "@treadle/contract";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

/** The right edge of each element, in pixels from the left. */
const endsOf = async (elements: Locator): Promise<number[]> => {
  const boxes = await Promise.all((await elements.all()).map((element) => element.boundingBox()));
  return boxes.map((box) => Math.round((box?.x ?? 0) + (box?.width ?? 0)));
};

describe.runIf(hasChromium)("exploring", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());
  const sample = (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}range=30d&project=${visitor.projects.sample}`;
  type Page = Awaited<ReturnType<Visitor["open"]>>;
  const searchOf = (page: Page) => new URL(page.url()).searchParams;
  const filterBy = async (page: Page, text: string) => {
    await page.getByRole("combobox", { name: "Search and filter" }).click();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };

  test("a filter is saved as a view, stands again after a reload, and leads to a trace", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    await page.getByRole("row").nth(3).waitFor();
    await filterBy(page, "has:error latency>1s");
    await page.getByRole("heading", { name: "Traces", exact: true }).click();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save as new view…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Slow failures");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "View: Slow failures" }).waitFor();

    await page.goto(visitor.treadle.url + sample("/traces"));
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Slow failures" }).click();
    await page.getByRole("button", { name: "Remove filter has:error" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "View: Slow failures" }).waitFor();
    await page.getByRole("button", { name: "Remove filter latency>1s" }).click();
    await page.getByRole("button", { name: "View: Slow failures, changed" }).waitFor();
    await page.getByRole("row").nth(1).click();
    await page.getByRole("complementary", { name: "Open trace" }).waitFor();
  });

  test("a view becomes the one a page opens with, and a deleted view comes back on request", async () => {
    const page = await visitor.open({ path: sample("/sessions") });
    await page.getByRole("row").nth(1).waitFor();
    await filterBy(page, "status:error");
    await page.getByRole("heading", { name: "Sessions" }).click();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save as new view…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Troubled");
    await page.keyboard.press("Enter");
    const view = page.getByRole("button", { name: "View: Troubled" });
    await view.click();
    await page.getByRole("menuitem", { name: "Set as default" }).click();
    await page.goto(visitor.treadle.url + sample("/sessions"));
    await view.click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: /^View/ }).click();
    await page.getByRole("menuitemcheckbox", { name: "Troubled" }).waitFor();
  });

  test("an invalid filter is explained next to it, and nothing is requested until it is fixed", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    await page.getByRole("row").nth(1).waitFor();
    await filterBy(page, "modle:gpt");
    await page.getByRole("alert").filter({ hasText: "Did you mean model?" }).waitFor();
    expect(searchOf(page).get("filter")).toBeNull();
    const input = page.getByRole("combobox", { name: "Search and filter" });
    await input.fill("model:gpt*");
    await page.keyboard.press("Enter");
    await expect.poll(() => searchOf(page).get("filter")).toBe("model:gpt*");
    await page.goto(`${visitor.treadle.url}${sample("/traces")}&filter=modle:gpt`);
    await page.getByRole("heading", { name: "Invalid filter" }).waitFor();
  });

  test("Tab completes what is begun, and a filter that was used is offered again", async () => {
    const page = await visitor.open({ path: sample("/traces") });
    const input = page.getByRole("combobox", { name: "Search and filter" });
    await input.click();
    await page.keyboard.type("kin");
    await page.keyboard.press("Tab");
    await page.keyboard.type("to");
    await page.getByRole("option", { name: "tool" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await input.inputValue()).toBe("kind:tool ");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Traces", exact: true }).click();
    await page.getByRole("button", { name: "Clear filter" }).click();
    await page.getByRole("option", { name: "kind:tool" }).click();
    await expect.poll(() => searchOf(page).get("filter")).toBe("kind:tool");
  });

  test("a drag over the histogram narrows the time, and the way back widens it again", async () => {
    const page = await visitor.open({ path: sample("/traces?view=generations") });
    const chart = page.getByRole("region", { name: "Over time" }).locator(".u-over");
    await chart.waitFor();
    const box = await chart.boundingBox();
    if (!box) throw new Error("the chart is not drawn");
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => searchOf(page).get("from")).not.toBeNull();
    expect(searchOf(page).get("view")).toBe("generations");
    await page.goBack();
    await expect.poll(() => searchOf(page).get("from")).toBeNull();
    await page.getByRole("columnheader", { name: "Tokens out" }).waitFor();
  });

  test("the live tail shows only what the filter asks for", async () => {
    const path = `/traces?view=spans&filter=user:ana&project=${visitor.projects.own}`;
    const page = await visitor.open({ path });
    await page.getByRole("button", { name: "Start the live tail" }).click();
    await page.getByRole("button", { name: "Pause the live tail (Live)" }).waitFor();
    await recordSpan(visitor.treadle, { name: "not hers", userId: "bob" });
    await recordSpan(visitor.treadle, { name: "hers", userId: "ana", sessionId: "chat-1" });
    await page.getByRole("row").filter({ hasText: "hers" }).first().waitFor();
    expect(await page.getByRole("row").filter({ hasText: "not hers" }).count()).toBe(0);
  });

  test("what a list shows is taken away as a file", async () => {
    const page = await visitor.open({ path: sample("/traces?view=generations&filter=status:error") });
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByText(/^The \d+ spans in the list/).waitFor();
    await page.getByRole("radio", { name: /JSON lines/ }).check();
    const coming = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(/\.jsonl$/);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
    expect(new Set(lines.map((line) => JSON.parse(line).status))).toEqual(new Set(["error"]));
    await page
      .getByRole("status")
      .filter({ hasText: `Saved ${lines.length} rows` })
      .waitFor();
  });

  test("a session reads as a conversation, with the trace of a turn next to it", async () => {
    const page = await visitor.open({ path: sample("/sessions") });
    // The newest sample session can be one without an answer. Which one it is depends on the time of the day.
    const sessions = await page.request.get(`${visitor.treadle.url}/api/v1/sessions`, {
      headers: { "x-treadle-project": visitor.projects.sample },
    });
    const { items }: { items: SessionSummary[] } = await sessions.json();
    const answered = items.find(({ errorCount }) => errorCount === 0);
    await page.getByRole("row", { name: answered?.sessionId }).click();
    const turns = page.getByRole("list", { name: "Turns" });
    await turns.getByText("assistant").first().waitFor();
    await turns
      .getByRole("button", { name: /Open trace/ })
      .first()
      .click();
    await page.getByRole("complementary", { name: "Open trace" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: "Open trace" }).waitFor({ state: "detached" });
  });

  test("a user's page shows what was done for that user alone", async () => {
    const page = await visitor.open({ path: sample("/users") });
    await page.getByRole("row").nth(1).click();
    const user = await page.getByRole("heading", { level: 1, name: /^customer-/ }).textContent();
    await page.getByRole("table", { name: "Sessions" }).getByRole("row").nth(1).waitFor();
    await page.getByRole("table", { name: "Models" }).getByRole("link").first().click();
    await page.getByRole("button", { name: `Remove filter user:${user}` }).waitFor();
  });

  test("groups are chosen, sorted, and lead to their spans", async () => {
    const page = await visitor.open({ path: sample("/explore") });
    const groups = page.getByRole("table", { name: "Groups" });
    await groups.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Add to group by" }).click();
    await page.getByRole("textbox", { name: "Find" }).fill("status");
    await page.keyboard.press("Enter");
    await groups.getByRole("columnheader", { name: "Status" }).waitFor();
    await groups.getByRole("button", { name: "Cost" }).click();
    await expect
      .poll(() => groups.getByRole("columnheader", { name: "Cost" }).getAttribute("aria-sort"))
      .toBe("descending");
    expect(searchOf(page).get("by")).toBe("model,status");
    await page.getByRole("checkbox", { name: /^Change from/ }).check();
    await groups
      .getByText(/^(?:[+−±]|new)/)
      .first()
      .waitFor();
    // Column names are right-aligned with their numbers.
    const names = await endsOf(groups.locator("thead button"));
    expect(names.length).toBeGreaterThan(2);
    const row = groups.locator("tbody tr").first();
    expect(await endsOf(row.locator("td.num > span.relative:not(.text-muted)"))).toEqual(names);
    const first = groups.getByRole("link").first();
    const model = await first.textContent();
    await first.click();
    await page.getByRole("button", { name: `Remove filter model:${model}` }).waitFor();
    await page.getByRole("grid", { name: "Spans" }).getByRole("row").nth(1).waitFor();
  });

  test("two sets of spans are compared with an interval and a verdict", async () => {
    const page = await visitor.open({ path: sample("/explore/compare") });
    await page.getByRole("button", { name: "Compare two model families" }).click();
    const rate = page.getByRole("row", { name: /^Error rate/ });
    await rate
      .getByText(/percentage points/)
      .filter({ visible: true })
      .waitFor();
    await page.getByRole("row", { name: /^Latency, 99th percentile/ }).waitFor();
    await page.getByRole("button", { name: "Swap A and B" }).click();
    await expect.poll(() => searchOf(page).get("a")).toContain("claude");
  });

  test("a statement runs, its error is marked, and it is stored", async () => {
    const page = await visitor.open({ path: sample("/explore/sql") });
    const editor = page.getByRole("textbox", { name: "SQL statement" });
    await editor.fill("select kind, count() as spans from spans group by kind order by spans desc");
    await page.keyboard.press("Control+Enter");
    const result = page.getByRole("region", { name: "Result" });
    await result.getByRole("columnheader", { name: "spans" }).waitFor();
    await result.getByText("generation").waitFor();
    await editor.fill("select kind,\nfrom from spans wher");
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByRole("alert").waitFor();
    await editor.fill("select * from system.users");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("alert").filter({ hasText: "system" }).waitFor();
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("menuitem", { name: /group by kind/ }).click();
    expect(await editor.inputValue()).toContain("group by kind");
    await page
      .getByRole("button", { name: /^spans/ })
      .first()
      .waitFor();
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
